using System.Buffers.Text;
using System.Globalization;

namespace LoadClient;

/// <summary>Reads HTTP/1.1 responses, one after the other, from bytes as they arrive: head, then a body by length or in chunks.</summary>
internal sealed class ReplyScanner
{
    private readonly LineBuffer _lines = new();
    private Part _part;
    private long _left;
    private bool _chunked;

    private enum Part
    {
        StatusLine,
        Header,
        Length,
        ChunkSize,
        Chunk,
        ChunkEnd,
        Trailer,
        Complete,
    }

    /// <summary>The status of the response; 0 until it is read.</summary>
    public int Status { get; private set; }

    public bool IsComplete => _part == Part.Complete;

    /// <summary>Gets ready for the next response.</summary>
    public void Reset() => (_part, _left, _chunked, Status) = (Part.StatusLine, 0, false, 0);

    /// <summary>Takes received bytes and hands those of the body to <paramref name="events"/>.</summary>
    public void Feed(ReadOnlySpan<byte> bytes, EventScanner events, long now)
    {
        while (!bytes.IsEmpty && _part != Part.Complete)
        {
            if (_part is Part.Length or Part.Chunk)
            {
                var some = (int)Math.Min(_left, bytes.Length);
                events.Feed(bytes[..some], now);
                bytes = bytes[some..];
                _left -= some;
                if (_left == 0)
                    _part = _part == Part.Chunk ? Part.ChunkEnd : Part.Complete;
            }
            else if (_lines.TryTake(ref bytes, out var line))
            {
                Take(line);
            }
        }
    }

    private void Take(ReadOnlySpan<byte> line)
    {
        switch (_part)
        {
            case Part.StatusLine:
                Status = int.Parse(line[9..12], CultureInfo.InvariantCulture);
                _part = Part.Header;
                break;
            case Part.Header when line.IsEmpty:
                _part = _chunked ? Part.ChunkSize : _left > 0 ? Part.Length : Part.Complete;
                break;
            case Part.Header:
                TakeHeader(line);
                break;
            case Part.ChunkSize:
                if (!Utf8Parser.TryParse(line, out _left, out _, 'X'))
                    throw new InvalidDataException("a chunk without a size");
                _part = _left == 0 ? Part.Trailer : Part.Chunk;
                break;
            case Part.ChunkEnd:
                _part = Part.ChunkSize;
                break;
            case Part.Trailer when line.IsEmpty:
                _part = Part.Complete;
                break;
        }
    }

    private void TakeHeader(ReadOnlySpan<byte> line)
    {
        if (line.Length > 15 && (line[0] | 0x20) == 'c' && System.Text.Ascii.EqualsIgnoreCase(line[..15], "content-length:"u8))
            _left = long.Parse(line[15..].Trim((byte)' '), CultureInfo.InvariantCulture);
        else if (line.Length > 18 && System.Text.Ascii.EqualsIgnoreCase(line[..18], "transfer-encoding:"u8))
            _chunked = line.IndexOf("chunked"u8) > 0;
    }
}
