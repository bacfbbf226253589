namespace Gateway.Transport;

/// <summary>
/// Cuts a byte stream into lines of JSON (NDJSON): LF or CRLF ends a line, the last one may go without. A line of nothing but spaces is a
/// frame without payload. Every byte comes out again in some frame's <see cref="StreamFrame.Raw"/>, in order.
/// </summary>
internal sealed class JsonLinesReader(int initialCapacity) : IFrameReader
{
    private readonly PooledBuffer _buffer = new(initialCapacity);
    private int _start;   // first byte of the current line
    private int _scanned; // no LF between _start and here

    public int PendingBytes => _buffer.Length - _start;

    public ReadOnlySpan<byte> Ending => "\n"u8;

    public Memory<byte> GetMemory(int sizeHint)
    {
        // Moving the tail only here, between reads, keeps the lines of one read contiguous and in place.
        _buffer.RemoveStart(_start);
        _scanned -= _start;
        _start = 0;
        return _buffer.GetMemory(sizeHint);
    }

    public void Advance(int count) => _buffer.Advance(count);

    public bool TryRead(out StreamFrame frame)
    {
        var offset = _buffer.WrittenSpan[_scanned..].IndexOf((byte)'\n');
        if (offset < 0)
        {
            _scanned = _buffer.Length;
            frame = default;
            return false;
        }

        frame = Take(_scanned + offset + 1);
        return true;
    }

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

    public void Dispose() => _buffer.Dispose();

    private StreamFrame Take(int end)
    {
        var raw = _buffer.WrittenSpan[_start..end];
        _start = _scanned = end;
        var data = raw.Trim(" \t\r\n"u8);
        return new StreamFrame(raw, data, !data.IsEmpty);
    }
}
