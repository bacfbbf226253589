using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Gateway.Events.Dapr;

/// <summary>
/// The sidecar's methods for publishing. They are called by name since the client's bulk publishing takes neither bytes nor a type of content.
/// </summary>
internal static class PublishMethods
{
    private const string Service = "dapr.proto.runtime.v1.Dapr";

    /// <summary>Publishes one.</summary>
    public static Method<PublishEventRequest, Empty> One { get; } = Unary("PublishEvent", PublishEventRequest.Parser, Empty.Parser);

    /// <summary>Publishes several: runtimes since 1.17.</summary>
    public static Method<BulkPublishRequest, BulkPublishResponse> Bulk { get; } = Unary("BulkPublishEvent", BulkPublishRequest.Parser, BulkPublishResponse.Parser);

    /// <summary>The same by its name in runtimes before.</summary>
    public static Method<BulkPublishRequest, BulkPublishResponse> BulkAlpha { get; } = Unary("BulkPublishEventAlpha1", BulkPublishRequest.Parser, BulkPublishResponse.Parser);

    private static Method<TRequest, TResponse> Unary<TRequest, TResponse>(string name, MessageParser<TRequest> requests, MessageParser<TResponse> responses)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        new(MethodType.Unary, Service, name, Marshal(requests), Marshal(responses));

    private static Marshaller<T> Marshal<T>(MessageParser<T> parser)
        where T : IMessage<T> =>
        Marshallers.Create(static (message, context) => context.Complete(message.ToByteArray()), context => parser.ParseFrom(context.PayloadAsReadOnlySequence()));
}
