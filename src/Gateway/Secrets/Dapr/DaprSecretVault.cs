using Dapr;
using Dapr.Client;
using Grpc.Core;

namespace Gateway.Secrets.Dapr;

/// <summary>Secrets of a Dapr secret store.</summary>
/// <param name="client">The sidecar.</param>
/// <param name="component">The component's name.</param>
/// <param name="timeout">How long one call may take.</param>
/// <param name="time">The clock of time limits.</param>
internal sealed class DaprSecretVault(DaprClient client, string component, TimeSpan timeout, TimeProvider time) : ISecretVault
{
    public async ValueTask<Secret?> GetAsync(string name, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        var (key, member) = SecretName.Split(name);
        using var limit = new CancellationTokenSource(timeout, time);
        using var left = cancellation.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), limit);
        try
        {
            var values = await client.GetSecretAsync(component, key, cancellationToken: limit.Token).ConfigureAwait(false);
            // A store of plain names and values gives the value under the name itself.
            return values.GetValueOrDefault(member ?? key) is { } value ? new Secret(value)
                : member is null && values.Count == 1 ? new Secret(values.Values.First())
                : null;
        }
        catch (Exception e) when (e is DaprException or RpcException or OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            // The sidecar's text may quote the store's, which is not ours to show; its code is enough.
            var code = (e as RpcException ?? e.InnerException as RpcException)?.StatusCode;
            throw new IOException(limit.IsCancellationRequested
                ? $"the secret store '{component}' did not answer within {timeout.TotalSeconds:0.###} s"
                : $"the secret store '{component}' did not give it ({code?.ToString() ?? "no answer"})");
        }
    }
}
