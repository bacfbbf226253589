using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace LoadClient;

/// <summary>A kept-alive HTTP/1.1 connection on a bare socket, so that little of the client is in what it measures.</summary>
internal sealed class Connection(Uri url) : IDisposable
{
    private readonly byte[] _buffer = new byte[16_384];
    private readonly ReplyScanner _reply = new();
    private Socket? _socket;

    /// <summary>The events of the last exchange.</summary>
    public EventScanner Events { get; } = new();

    /// <summary>Sends a request and reads its response to the end. A failure of the connection is a result with status 0.</summary>
    public async Task<Exchange> ExchangeAsync(byte[] request, CancellationToken cancellation = default)
    {
        _reply.Reset();
        Events.Reset();
        var started = Stopwatch.GetTimestamp();
        try
        {
            if (_socket is null)
            {
                await ConnectAsync(cancellation);
                started = Stopwatch.GetTimestamp();
            }

            for (var sent = 0; sent < request.Length;)
                sent += await _socket!.SendAsync(request.AsMemory(sent), cancellation);
            while (!_reply.IsComplete)
            {
                var received = await _socket!.ReceiveAsync(_buffer, cancellation);
                if (received == 0)
                    throw new SocketException((int)SocketError.ConnectionReset);
                _reply.Feed(_buffer.AsSpan(0, received), Events, Stopwatch.GetTimestamp());
            }
        }
        catch (Exception e) when (e is SocketException or InvalidDataException or OperationCanceledException)
        {
            _socket?.Dispose();
            _socket = null;
            return Result(started, status: 0);
        }

        return Result(started, _reply.Status);
    }

    public void Dispose() => _socket?.Dispose();

    private async Task ConnectAsync(CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Parse(url.Host), url.Port, cancellation);
            _socket = socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private Exchange Result(long started, int status) => new(
        status,
        Events.FirstContentAt == 0 ? 0 : Stopwatch.GetElapsedTime(started, Events.FirstContentAt).TotalMicroseconds,
        Stopwatch.GetElapsedTime(started).TotalMicroseconds,
        Events.ContentEvents,
        status == 200 && Events.Done && !Events.Wrong);
}
