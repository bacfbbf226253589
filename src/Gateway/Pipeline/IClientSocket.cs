using System.Net.WebSockets;

namespace Gateway.Pipeline;

/// <summary>The socket that a client asks for, as the host provides it.</summary>
internal interface IClientSocket
{
    /// <summary>The subprotocols it offers, in its order, without those that carry a key or an account.</summary>
    IReadOnlyList<string> Protocols { get; }

    /// <summary>Opens it. The reply's headers go out with that.</summary>
    /// <param name="protocol">The subprotocol chosen among <see cref="Protocols"/>, or null.</param>
    Task<WebSocket> AcceptAsync(string? protocol);
}
