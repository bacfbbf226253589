namespace Gateway.Transport;

/// <summary>
/// Cuts a byte stream into server-sent events (WHATWG HTML, "Server-sent events": LF, CRLF and CR line ends, comments, multi-line
/// data, optional BOM) without decoding it: every byte comes out again in some event's <see cref="StreamFrame.Raw"/>, in order.
/// An event is given out as soon as its blank line is seen; when that line is a lone CR at the end of a read, a following LF belongs to the next event.
/// </summary>
internal sealed class SseReader(int initialCapacity) : IFrameReader
{
    private readonly PooledBuffer _buffer = new(initialCapacity);
    private PooledBuffer? _joined;
    private int _start;     // first byte of the current event
    private int _line;      // first byte of the current line
    private int _scanned;   // no line end between _line and here
    private bool _blankSoFar = true; // the current event has only had blank lines
    private bool _first = true; // only the first event may begin with a BOM

    /// <summary>Bytes that belong to an event whose end has not arrived.</summary>
    public int PendingBytes => _buffer.Length - _start;

    /// <summary>Where the next bytes of the stream go; call <see cref="Advance"/> after.</summary>
    public Memory<byte> GetMemory(int sizeHint)
    {
        // Moving the tail only here, between reads, keeps the events of one read contiguous and in place.
        _buffer.RemoveStart(_start);
        _line -= _start;
        _scanned -= _start;
        _start = 0;
        return _buffer.GetMemory(sizeHint);
    }

    /// <summary>Says how many bytes were put where <see cref="GetMemory"/> pointed.</summary>
    public void Advance(int count) => _buffer.Advance(count);

    /// <summary>Gives out the next whole event, if there is one.</summary>
    public bool TryRead(out StreamFrame frame)
    {
        var bytes = _buffer.WrittenSpan;
        while (true)
        {
            var offset = bytes[_scanned..].IndexOfAny((byte)'\n', (byte)'\r');
            if (offset < 0)
            {
                _scanned = bytes.Length;
                frame = default;
                return false;
            }

            var end = _scanned + offset;
            var next = end + 1;
            var isBlank = end == _line;
            if (bytes[end] == '\r')
            {
                if (next < bytes.Length)
                {
                    if (bytes[next] == '\n')
                        next++;
                }
                else if (!isBlank || _blankSoFar)
                {
                    // A CR that ends a line with text can wait for its LF; one that ends an event may not.
                    _scanned = end;
                    frame = default;
                    return false;
                }
            }

            _line = _scanned = next;
            _blankSoFar &= isBlank;
            if (!isBlank || _blankSoFar)
                continue;
            frame = Take(next);
            return true;
        }
    }

    /// <summary>At the end of the stream: gives out what is left as one event, though no blank line closed it.</summary>
    public bool TryReadRest(out StreamFrame frame)
    {
        if (PendingBytes == 0)
        {
            frame = default;
            return false;
        }

        frame = Take(_buffer.Length);
        return true;
    }

    public void Dispose()
    {
        _buffer.Dispose();
        _joined?.Dispose();
    }

    private StreamFrame Take(int end)
    {
        var raw = _buffer.WrittenSpan[_start..end];
        _start = _line = _scanned = end;
        _blankSoFar = true;
        var data = ReadData(raw, out var hasData);
        return new StreamFrame(raw, data, hasData);
    }

    private ReadOnlySpan<byte> ReadData(ReadOnlySpan<byte> raw, out bool hasData)
    {
        hasData = false;
        var data = ReadOnlySpan<byte>.Empty;
        var rest = raw;
        if (_first && rest.StartsWith("\uFEFF"u8))
            rest = rest[3..];
        _first = false;
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOfAny((byte)'\n', (byte)'\r');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (!line.StartsWith("data"u8))
                continue;
            line = line[4..];
            if (line.IsEmpty)
                line = default;
            else if (line[0] == ':')
                line = line.Length > 1 && line[1] == ' ' ? line[2..] : line[1..];
            else
                continue; // a field whose name only begins with "data"

            if (!hasData)
            {
                data = line;
                hasData = true;
                continue;
            }

            // Several data lines are rare: only they pay for joining.
            _joined ??= new PooledBuffer(raw.Length);
            if (!IsJoined(data))
            {
                _joined.Clear();
                _joined.Append(data);
            }

            _joined.Append("\n"u8);
            _joined.Append(line);
            data = _joined.WrittenSpan;
        }

        return data;
    }

    private bool IsJoined(ReadOnlySpan<byte> data) =>
        _joined!.Length > 0 && data.Length == _joined.Length && data.Overlaps(_joined.WrittenSpan);
}
