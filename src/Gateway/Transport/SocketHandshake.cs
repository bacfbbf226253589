using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Transport;

/// <summary>The opening of a WebSocket (RFC 6455) as a request and its response, so that a refusal is a response like any other.</summary>
internal static class SocketHandshake
{
    /// <summary>Makes a request ask for a socket.</summary>
    /// <param name="headers">The headers of a GET request over HTTP/1.1.</param>
    /// <param name="protocols">The subprotocols to offer; may be empty.</param>
    /// <returns>The nonce that the response must answer.</returns>
    public static string Ask(HttpRequestHeaders headers, IReadOnlyList<string> protocols)
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        headers.TryAddWithoutValidation("Connection", "Upgrade");
        headers.TryAddWithoutValidation("Upgrade", "websocket");
        headers.TryAddWithoutValidation("Sec-WebSocket-Version", "13");
        headers.TryAddWithoutValidation("Sec-WebSocket-Key", nonce);
        if (protocols.Count > 0)
            headers.TryAddWithoutValidation("Sec-WebSocket-Protocol", string.Join(", ", protocols));
        return nonce;
    }

    /// <summary>Whether a response of status 101 opens the socket that was asked for.</summary>
    /// <param name="response">The response.</param>
    /// <param name="nonce">What <see cref="Ask"/> gave.</param>
    /// <param name="protocols">What was offered.</param>
    /// <param name="protocol">The subprotocol chosen, or null.</param>
    public static bool IsAnswered(HttpResponseMessage response, string nonce, IReadOnlyList<string> protocols, out string? protocol)
    {
        protocol = Header(response, "Sec-WebSocket-Protocol");
        return response.StatusCode == HttpStatusCode.SwitchingProtocols
            && Header(response, "Sec-WebSocket-Accept") == Answer(nonce)
            && Header(response, "Sec-WebSocket-Extensions") is null // none was offered
            && (protocol is null || protocols.Contains(protocol));
    }

    [SuppressMessage("Security", "CA5350", Justification = "The protocol says SHA-1; nothing is kept safe by it.")]
    private static string Answer(string nonce) =>
        Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(nonce + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
}
