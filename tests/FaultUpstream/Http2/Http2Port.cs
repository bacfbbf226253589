using System.Globalization;
using System.Text;

namespace FaultUpstream.Http2;

/// <summary>The reply to one request over HTTP/2.</summary>
internal sealed class Http2Port(Http2Connection connection, int stream) : ReplyPort, IDisposable
{
    private readonly CancellationTokenSource _gone = new();

    public override CancellationToken Gone => _gone.Token;

    public override Task HeadAsync(int status, long? length, params (string Name, string Value)[] headers)
    {
        // Literals without indexing: the name of the status stands in the static table, all others are written out.
        var block = new List<byte> { 0x08 };
        Append(block, status.ToString(CultureInfo.InvariantCulture));
        foreach (var (name, value) in headers)
        {
            block.Add(0);
#pragma warning disable CA1308 // HTTP/2 wants names in small letters
            Append(block, name.ToLowerInvariant());
#pragma warning restore CA1308
            Append(block, value);
        }

        return connection.WriteAsync(new Http2Frame(Http2FrameType.Headers, Http2Frame.EndHeaders, stream, [.. block]));
    }

    public override Task BodyAsync(ReadOnlyMemory<byte> bytes) => SendAsync(new Http2Frame(Http2FrameType.Data, 0, stream, bytes.ToArray()));

    public override Task EndAsync() => SendAsync(new Http2Frame(Http2FrameType.Data, Http2Frame.EndOrAck, stream, []));

    public override Task RawAsync(ReadOnlyMemory<byte> bytes) => throw new NotSupportedException("Frames are all there is.");

    public override void Reset() => connection.Reset();

    public override Task HalfCloseAsync() => throw new NotSupportedException("Frames are all there is.");

    public override async Task GoAwayAsync(bool took)
    {
        var last = took ? stream : 0;
        byte[] payload = [(byte)(last >> 24), (byte)(last >> 16), (byte)(last >> 8), (byte)last, 0, 0, 0, 0];
        await connection.WriteAsync(new Http2Frame(Http2FrameType.GoAway, 0, 0, payload));
        connection.HalfClose();
    }

    /// <summary>The client left.</summary>
    public void Leave() => _gone.Cancel();

    public void Dispose() => _gone.Dispose();

    private Task SendAsync(Http2Frame frame)
    {
        _gone.Token.ThrowIfCancellationRequested();
        return connection.WriteAsync(frame);
    }

    private static void Append(List<byte> block, string text)
    {
        block.Add((byte)text.Length); // shorter than 127, and not compressed
        block.AddRange(Encoding.ASCII.GetBytes(text));
    }
}
