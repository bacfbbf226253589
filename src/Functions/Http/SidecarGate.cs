using Gateway.Events.Dapr;
using Microsoft.Azure.Functions.Worker.Http;

namespace Functions.Http;

/// <summary>Lets the application's own sidecar in.</summary>
internal sealed class SidecarGate(SidecarCaller caller)
{
    /// <summary>Whether a call is the sidecar's.</summary>
    public bool Allows(HttpRequestData request) => caller.Allows(name => request.Headers.TryGetValues(name, out var values) ? string.Join(",", values) : null);
}
