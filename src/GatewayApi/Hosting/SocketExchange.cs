using System.Net.WebSockets;
using Gateway.Pipeline;

namespace GatewayApi.Hosting;

/// <summary>An exchange that asks for a socket. Browsers can set no header there, so they send the key as a subprotocol (or, to Azure, in the query).</summary>
internal sealed class SocketExchange(HttpContext http) : HttpClientExchange(http), IClientSocket
{
    private const string KeyProtocol = "openai-insecure-api-key.";

    private readonly HttpContext _http = http;

    /// <summary>There is none; what follows are messages.</summary>
    public override long? BodyLength => 0;

    /// <summary>Only these are known to mean nothing but the wire: others may carry a key, and are for no provider.</summary>
    public IReadOnlyList<string> Protocols { get; } =
        [.. http.WebSockets.WebSocketRequestedProtocols.Where(p => p == "realtime" || p.StartsWith("openai-beta.", StringComparison.Ordinal))];

    public override string? Header(string name) =>
        base.Header(name) ?? (name == "Authorization" ? Key() : null);

    public override string? Query(string name) =>
        base.Query(name) ?? (name == "key" ? base.Query("api-key") : null);

    public Task<WebSocket> AcceptAsync(string? protocol) =>
        _http.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { SubProtocol = protocol });

    private string? Key()
    {
        foreach (var protocol in _http.WebSockets.WebSocketRequestedProtocols)
        {
            if (protocol.StartsWith(KeyProtocol, StringComparison.Ordinal))
                return "Bearer " + protocol[KeyProtocol.Length..];
        }

        return null;
    }
}
