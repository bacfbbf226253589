using System.Net.Sockets;

namespace FaultUpstream.Http2;

/// <summary>A connection that speaks just as much HTTP/2 as it takes to answer chat completions on it, and to go away.</summary>
/// <param name="server">Whose it is.</param>
/// <param name="socket">The socket.</param>
/// <param name="stream">TLS on it.</param>
internal sealed class Http2Connection(FaultServer server, Socket socket, Stream stream) : IDisposable
{
    // What requests ask for stands compressed in their headers; only one thing is asked for here.
    private const string Path = "/v1/chat/completions";
    private const int PrefaceLength = 24;

    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly Dictionary<int, (MemoryStream Body, Http2Port Port)> _streams = [];
    private readonly List<Task> _serving = [];

    /// <summary>Serves until either side has had enough.</summary>
    public async Task RunAsync()
    {
        await stream.ReadExactlyAsync(new byte[PrefaceLength]);
        await WriteAsync(new Http2Frame(Http2FrameType.Settings, 0, 0, []));
        try
        {
            while (await Http2Frame.ReadAsync(stream) is { } frame)
                await OnAsync(frame);
        }
        finally
        {
            foreach (var (_, port) in _streams.Values)
                port.Leave();
            await Task.WhenAll(_serving);
        }
    }

    /// <summary>Sends a frame.</summary>
    public async Task WriteAsync(Http2Frame frame)
    {
        await _writing.WaitAsync();
        try
        {
            await stream.WriteAsync(frame.ToBytes());
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Breaks the connection with a reset.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Close();
    }

    /// <summary>Says that nothing more will be sent; a full close would be a reset, which takes away what the client has not read yet.</summary>
    public void HalfClose() => socket.Shutdown(SocketShutdown.Send);

    public void Dispose()
    {
        _writing.Dispose();
        foreach (var (body, port) in _streams.Values)
        {
            body.Dispose();
            port.Dispose();
        }
    }

    private async Task OnAsync(Http2Frame frame)
    {
        switch (frame.Type)
        {
            case Http2FrameType.Settings or Http2FrameType.Ping when (frame.Flags & Http2Frame.EndOrAck) == 0:
                await WriteAsync(frame with { Flags = Http2Frame.EndOrAck, Payload = frame.Type == Http2FrameType.Ping ? frame.Payload : [] });
                break;
            case Http2FrameType.Headers:
                _streams[frame.Stream] = (new MemoryStream(), new Http2Port(this, frame.Stream));
                break;
            case Http2FrameType.Data when _streams.TryGetValue(frame.Stream, out var asked):
                await asked.Body.WriteAsync(frame.Payload);
                if ((frame.Flags & Http2Frame.EndOrAck) != 0)
                    _serving.Add(server.ServeAsync(new SeenRequest(Path, new Dictionary<string, string>(), asked.Body.ToArray(), server.Options.Time.GetTimestamp()), asked.Port));
                break;
            case Http2FrameType.ResetStream when _streams.TryGetValue(frame.Stream, out var left):
                left.Port.Leave();
                break;
        }
    }
}
