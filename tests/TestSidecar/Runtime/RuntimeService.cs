using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using TestSidecar.Messages;

namespace TestSidecar.Runtime;

/// <summary>The runtime's gRPC API: the part that is in use.</summary>
internal sealed class RuntimeService(RuntimeState state, RuntimeSecrets secrets, EventDelivery delivery, SidecarOptions options, CallFaults faults)
{
    public Task<GetStateResponse> GetStateAsync(GetStateRequest request, ServerCallContext call) => faults.AroundAsync(call, writes: false, async () =>
    {
        var value = await state.GetAsync(request.StoreName, request.Key);
        return value is null ? new GetStateResponse() : new GetStateResponse { Data = ByteString.CopyFrom(value.Data), Etag = value.ETag };
    });

    public Task<GetBulkStateResponse> GetBulkStateAsync(GetBulkStateRequest request, ServerCallContext call) => faults.AroundAsync(call, writes: false, async () =>
    {
        var response = new GetBulkStateResponse();
        foreach (var key in request.Keys)
        {
            var value = await state.GetAsync(request.StoreName, key);
            response.Items.Add(value is null ? new BulkStateItem { Key = key } : new BulkStateItem { Key = key, Data = ByteString.CopyFrom(value.Data), Etag = value.ETag });
        }

        return response;
    });

    public Task<Empty> SaveStateAsync(SaveStateRequest request, ServerCallContext call) => faults.AroundAsync(call, writes: true, async () =>
    {
        foreach (var item in request.States)
            await state.SaveAsync(request.StoreName, item);
        return new Empty();
    });

    public Task<Empty> DeleteStateAsync(DeleteStateRequest request, ServerCallContext call) => faults.AroundAsync(call, writes: true, async () =>
    {
        await state.DeleteAsync(request.StoreName, request.Key, request.Etag?.Value);
        return new Empty();
    });

    public Task<Empty> TransactAsync(ExecuteStateTransactionRequest request, ServerCallContext call) => faults.AroundAsync(call, writes: true, async () =>
    {
        await state.TransactAsync(request.StoreName, request.Operations);
        return new Empty();
    });

    public Task<Empty> PublishAsync(PublishEventRequest request, ServerCallContext call) => faults.AroundAsync(call, writes: true, async () =>
    {
        Known(request.PubsubName);
        await delivery.AcceptAsync(request.Topic, [CloudEvent.Wrap(request.PubsubName, request.Topic, request.DataContentType, request.Data.ToByteArray(), request.Metadata)]);
        return new Empty();
    });

    public Task<BulkPublishResponse> BulkPublishAsync(BulkPublishRequest request, bool isAlpha, ServerCallContext call) => faults.AroundAsync(call, writes: true, async () =>
    {
        if (!isAlpha && Version.TryParse(options.RuntimeVersion, out var version) && version < new Version(1, 17))
            throw new RpcException(new Status(StatusCode.Unimplemented, "unknown method BulkPublishEvent"));
        Known(request.PubsubName);
        await delivery.AcceptAsync(
            request.Topic, [.. request.Entries.Select(e => CloudEvent.Wrap(request.PubsubName, request.Topic, e.ContentType, e.Event.ToByteArray(), e.Metadata))]);
        return new BulkPublishResponse();
    });

    public Task<GetSecretResponse> GetSecretAsync(GetSecretRequest request, ServerCallContext call) => faults.AroundAsync(call, writes: false, async () =>
    {
        if (request.StoreName != options.SecretsComponent)
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"failed finding secret store with key {request.StoreName}"));
        var response = new GetSecretResponse();
        response.Data.Add(await secrets.GetAsync(request.Key) ?? throw new RpcException(new Status(StatusCode.Internal, $"failed getting secret with key {request.Key} from secret store")));
        return response;
    });

    public Task<GetMetadataResponse> GetMetadataAsync(ServerCallContext call) => faults.AroundAsync(call, writes: false, () => Task.FromResult(new GetMetadataResponse
    {
        Id = "gateway",
        RuntimeVersion = options.RuntimeVersion,
    }));

    private void Known(string pubSub)
    {
        if (pubSub != options.PubSubComponent)
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"pubsub {pubSub} is not found"));
    }
}
