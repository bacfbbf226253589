using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;

namespace TestSidecar.Runtime;

/// <summary>Binds the runtime's gRPC methods by name: the package of its messages has clients only.</summary>
internal sealed class RuntimeMethods : IServiceMethodProvider<RuntimeService>
{
    private const string Service = "dapr.proto.runtime.v1.Dapr";

    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<RuntimeService> context)
    {
        Add(context, "GetState", GetStateRequest.Parser, GetStateResponse.Parser, static (s, r, c) => s.GetStateAsync(r, c));
        Add(context, "GetBulkState", GetBulkStateRequest.Parser, GetBulkStateResponse.Parser, static (s, r, c) => s.GetBulkStateAsync(r, c));
        Add(context, "SaveState", SaveStateRequest.Parser, Empty.Parser, static (s, r, c) => s.SaveStateAsync(r, c));
        Add(context, "DeleteState", DeleteStateRequest.Parser, Empty.Parser, static (s, r, c) => s.DeleteStateAsync(r, c));
        Add(context, "ExecuteStateTransaction", ExecuteStateTransactionRequest.Parser, Empty.Parser, static (s, r, c) => s.TransactAsync(r, c));
        Add(context, "PublishEvent", PublishEventRequest.Parser, Empty.Parser, static (s, r, c) => s.PublishAsync(r, c));
        Add(context, "BulkPublishEvent", BulkPublishRequest.Parser, BulkPublishResponse.Parser, static (s, r, c) => s.BulkPublishAsync(r, isAlpha: false, c));
        Add(context, "BulkPublishEventAlpha1", BulkPublishRequest.Parser, BulkPublishResponse.Parser, static (s, r, c) => s.BulkPublishAsync(r, isAlpha: true, c));
        Add(context, "GetSecret", GetSecretRequest.Parser, GetSecretResponse.Parser, static (s, r, c) => s.GetSecretAsync(r, c));
        Add(context, "GetMetadata", GetMetadataRequest.Parser, GetMetadataResponse.Parser, static (s, _, c) => s.GetMetadataAsync(c));
    }

    private static void Add<TRequest, TResponse>(
        ServiceMethodProviderContext<RuntimeService> context,
        string name,
        MessageParser<TRequest> requests,
        MessageParser<TResponse> responses,
        UnaryServerMethod<RuntimeService, TRequest, TResponse> handler)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        context.AddUnaryMethod(new Method<TRequest, TResponse>(MethodType.Unary, Service, name, Marshal(requests), Marshal(responses)), [], handler);

    private static Marshaller<T> Marshal<T>(MessageParser<T> parser)
        where T : IMessage<T> =>
        Marshallers.Create(static (message, context) => context.Complete(message.ToByteArray()), context => parser.ParseFrom(context.PayloadAsReadOnlySequence()));
}
