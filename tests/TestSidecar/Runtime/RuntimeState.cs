using System.Globalization;
using Dapr.Client.Autogen.Grpc.v1;
using Grpc.Core;
using TestSidecar.Faults;
using TestSidecar.State;

namespace TestSidecar.Runtime;

/// <summary>The state building block before its component: names, key prefixes, options.</summary>
internal sealed class RuntimeState(ISidecarStore store, SidecarOptions options, FaultBoard board)
{
    public Task<StoredValue?> GetAsync(string component, string key) => store.GetAsync(StoredKey(component, key));

    public Task SaveAsync(string component, StateItem item) => WriteAsync(Write(component, item));

    public Task DeleteAsync(string component, string key, string? etag) => WriteAsync(new StateWrite(StoredKey(component, key), null, etag, FirstWrite: false, null));

    /// <summary>As the runtime does: whatever goes wrong in a transaction is an internal error, conflicts too.</summary>
    public async Task TransactAsync(string component, IReadOnlyList<TransactionalStateOperation> operations)
    {
        var writes = operations.Select(o => o.OperationType == "delete"
            ? new StateWrite(StoredKey(component, o.Request.Key), null, o.Request.Etag?.Value, FirstWrite: false, null)
            : Write(component, o.Request)).ToList();
        try
        {
            if (writes.Any(w => w.IsConditional) && board.Take(Fault.Conflict))
                throw new ETagException(isInvalid: false);
            await store.TransactAsync(writes);
        }
        catch (ETagException e)
        {
            throw new StoreException($"error while executing state transaction: {e.Message}", e);
        }
    }

    private Task WriteAsync(StateWrite write) =>
        write.IsConditional && board.Take(Fault.Conflict) ? throw new ETagException(isInvalid: false) : store.WriteAsync(write);

    private StateWrite Write(string component, StateItem item) => new(
        StoredKey(component, item.Key),
        item.Value.ToByteArray(),
        item.Etag?.Value,
        item.Options?.Concurrency == StateOptions.Types.StateConcurrency.ConcurrencyFirstWrite,
        item.Metadata.TryGetValue("ttlInSeconds", out var seconds) ? int.Parse(seconds, CultureInfo.InvariantCulture) : null);

    private string StoredKey(string component, string key)
    {
        if (component != options.StateComponent)
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"state store {component} is not found"));
        return key.Contains("||", StringComparison.Ordinal)
            ? throw new RpcException(new Status(StatusCode.InvalidArgument, $"input key/keyPrefix '{key}' can't contain '||'"))
            : $"{options.KeyPrefix}||{key}";
    }
}
