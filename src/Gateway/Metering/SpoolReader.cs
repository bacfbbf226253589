using Microsoft.Win32.SafeHandles;

namespace Gateway.Metering;

/// <summary>Reads the durable lines of the spool in order, across segments. One thread at a time.</summary>
internal sealed class SpoolReader(LedgerSpool spool, long applied) : IDisposable
{
    private byte[] _buffer = new byte[256 << 10];
    private int _start;
    private int _end;
    private SafeFileHandle? _handle;
    private SpoolSegment _segment;
    private long _offset;
    private long _next = applied + 1;

    /// <summary>The sequence <see cref="TryRead"/> gives next.</summary>
    public long NextSequence => _next;

    /// <summary>The next durable line; false when there is none yet.</summary>
    /// <param name="json">The entry; valid until the next call.</param>
    /// <exception cref="LedgerCorruptException">The line changed after it was written.</exception>
    public bool TryRead(out ReadOnlySpan<byte> json)
    {
        json = default;
        while (_next <= spool.LastSequence)
        {
            switch (SpoolFrame.Read(_buffer.AsSpan(_start, _end - _start), out json, out var length))
            {
                case SpoolFrameState.Partial:
                    Fill();
                    continue;
                case SpoolFrameState.Damaged:
                    throw new LedgerCorruptException(_segment.Path, _offset - (_end - _start), "the line does not match its checksum");
                default:
                    _start += length;
                    var sequence = SpoolFrame.Sequence(json);
                    if (sequence < _next)
                        continue;
                    if (sequence > _next)
                        throw new LedgerCorruptException(_segment.Path, _offset - (_end - _start) - length, $"sequence {sequence} stands where {_next} belongs");
                    _next++;
                    return true;
            }
        }

        return false;
    }

    /// <summary>Begins again after this sequence, e.g. when a batch could not be applied.</summary>
    public void Restart(long applied)
    {
        _next = applied + 1;
        Close();
    }

    /// <inheritdoc/>
    public void Dispose() => Close();

    private void Close()
    {
        _handle?.Dispose();
        _handle = null;
        _start = _end = 0;
    }

    private void Fill()
    {
        var segment = spool.SegmentOf(_next);
        if (_handle is null || segment.FirstSequence != _segment.FirstSequence)
        {
            Close();
            _handle = File.OpenHandle(segment.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            _offset = 0;
        }

        _segment = segment;
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);

        // Beyond the durable length there may be half a line that is about to be cut off.
        var room = (int)Math.Min(_buffer.Length - _end, segment.Length - _offset);
        var read = room > 0 ? RandomAccess.Read(_handle, _buffer.AsSpan(_end, room), _offset) : 0;
        if (read == 0)
            throw new LedgerCorruptException(segment.Path, _offset, "the segment ends before its last line");
        _offset += read;
        _end += read;
    }
}
