using System.Net.WebSockets;

namespace Gateway.Routing.Realtime;

/// <summary>An open socket to a provider.</summary>
/// <param name="response">The response that opened it.</param>
/// <param name="socket">The socket.</param>
internal sealed class UpstreamSocket(HttpResponseMessage response, WebSocket socket) : IDisposable
{
    /// <summary>The socket.</summary>
    public WebSocket Socket { get; } = socket;

    public void Dispose()
    {
        Socket.Dispose();
        response.Dispose();
    }
}
