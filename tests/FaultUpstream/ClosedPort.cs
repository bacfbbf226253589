using System.Net;
using System.Net.Sockets;

namespace FaultUpstream;

/// <summary>A port that is taken, and on which nobody listens: every connection is refused.</summary>
internal sealed class ClosedPort : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public ClosedPort() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    /// <summary>Its address.</summary>
    public Uri BaseUri => new($"http://127.0.0.1:{((IPEndPoint)_socket.LocalEndPoint!).Port}/v1");

    public void Dispose() => _socket.Dispose();
}
