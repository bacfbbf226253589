using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace FaultUpstream.Http1;

/// <summary>The reply to one request over HTTP/1.1: chunked when its length is not known.</summary>
internal sealed class Http1Port(Socket socket, Stream stream) : ReplyPort, IDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isChunked;

    public override CancellationToken Gone => _gone.Token;

    /// <summary>Completes when the reply is over.</summary>
    public Task Over => _over.Task;

    public override async Task HeadAsync(int status, long? length, params (string Name, string Value)[] headers)
    {
        _isChunked = length is null;
        var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} {(status < 400 ? "OK" : "Error")}\r\n");
        head.Append(_isChunked ? "Transfer-Encoding: chunked\r\n" : string.Create(CultureInfo.InvariantCulture, $"Content-Length: {length}\r\n"));
        foreach (var (name, value) in headers)
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        await RawAsync(Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()));
    }

    public override Task BodyAsync(ReadOnlyMemory<byte> bytes) => bytes.IsEmpty ? Task.CompletedTask
        : _isChunked ? RawAsync((byte[])[.. Encoding.ASCII.GetBytes(bytes.Length.ToString("x", CultureInfo.InvariantCulture)), .. "\r\n"u8, .. bytes.Span, .. "\r\n"u8])
        : RawAsync(bytes);

    public override Task EndAsync() => _isChunked ? RawAsync("0\r\n\r\n"u8.ToArray()) : Task.CompletedTask;

    public override async Task RawAsync(ReadOnlyMemory<byte> bytes) => await stream.WriteAsync(bytes, _gone.Token);

    public override void Reset()
    {
        KeepsAlive = false;
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Close();
    }

    public override async Task HalfCloseAsync()
    {
        KeepsAlive = false;
        socket.Shutdown(SocketShutdown.Send);
        // A full close would be a reset, which takes away what the client has not read yet.
        await Task.WhenAny(Task.Delay(TimeSpan.FromSeconds(10), _gone.Token));
    }

    /// <summary>The client left.</summary>
    public void Leave() => _gone.Cancel();

    /// <summary>The reply is over.</summary>
    public void Done() => _over.TrySetResult();

    public void Dispose() => _gone.Dispose();
}
