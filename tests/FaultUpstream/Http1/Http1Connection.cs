using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;

namespace FaultUpstream.Http1;

/// <summary>A connection that speaks HTTP/1.1, one request after another.</summary>
/// <param name="server">Whose it is.</param>
/// <param name="socket">The socket.</param>
/// <param name="stream">What is read and written: the socket, or TLS on it.</param>
internal sealed class Http1Connection(FaultServer server, Socket socket, Stream stream)
{
    private readonly PipeReader _reader = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
    private Task<ReadResult>? _ahead;

    /// <summary>Serves until either side has had enough.</summary>
    public async Task RunAsync()
    {
        while (await ReadAsync() is { } request)
        {
            using var port = new Http1Port(socket, stream);
            // Nothing comes while a reply is awaited, but the end.
            var watching = WatchAsync(port);
            try
            {
                await server.ServeAsync(request, port);
            }
            finally
            {
                port.Done();
                await watching;
            }

            if (!port.KeepsAlive)
                return;
        }
    }

    private async Task WatchAsync(Http1Port port)
    {
        _ahead = _reader.ReadAsync().AsTask();
        var first = await Task.WhenAny(_ahead, port.Over);
        if (first != _ahead)
            return; // the reply is over: what comes now is the next request
        if (!_ahead.IsCompletedSuccessfully || (await _ahead) is { IsCompleted: true, Buffer.IsEmpty: true })
            port.Leave();
    }

    private async Task<SeenRequest?> ReadAsync()
    {
        while (true)
        {
            var read = await (_ahead ?? _reader.ReadAsync().AsTask());
            _ahead = null;
            if (TryParse(read.Buffer, out var request, out var consumed))
            {
                _reader.AdvanceTo(consumed);
                return request;
            }

            _reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
                return null;
        }
    }

    private bool TryParse(ReadOnlySequence<byte> buffer, out SeenRequest? request, out SequencePosition consumed)
    {
        (request, consumed) = (null, buffer.Start);
        var reader = new SequenceReader<byte>(buffer);
        if (!reader.TryReadTo(out ReadOnlySequence<byte> head, "\r\n\r\n"u8))
            return false;
        var lines = Encoding.Latin1.GetString(head).Split("\r\n");
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines.Skip(1))
            headers[line[..line.IndexOf(':', StringComparison.Ordinal)]] = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        var length = headers.TryGetValue("Content-Length", out var written) ? int.Parse(written, System.Globalization.CultureInfo.InvariantCulture) : 0;
        if (headers.ContainsKey("Transfer-Encoding"))
            throw new NotSupportedException("Requests of unknown length are not read here.");
        if (reader.Remaining < length)
            return false;
        var body = reader.UnreadSequence.Slice(0, length);
        consumed = body.End;
        request = new SeenRequest(lines[0].Split(' ')[1], headers, body.ToArray(), server.Options.Time.GetTimestamp());
        return true;
    }
}
