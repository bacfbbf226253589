using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Metering;

/// <summary>
/// Reads back what a crash may have left behind. A crash can tear the end of the newest segment: that is cut off, its appender never got
/// an answer. Anything else that does not read is damage, and is reported rather than skipped.
/// </summary>
internal static class SpoolRecovery
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>Checks every segment and cuts a torn tail.</summary>
    /// <param name="directory">The spool's directory.</param>
    /// <param name="applied">The last sequence the store has: lines up to it may be missing.</param>
    /// <exception cref="LedgerCorruptException">A line that is not the last one is damaged, or lines are missing.</exception>
    public static SpoolContents Recover(string directory, long applied)
    {
        var segments = SpoolSegment.List(directory);
        var next = segments.Count > 0 ? Math.Min(segments[0].FirstSequence, applied + 1) : applied + 1;
        long cutBytes = 0;
        for (var i = 0; i < segments.Count; i++)
        {
            var segment = segments[i];
            if (segment.FirstSequence < next || segment.FirstSequence > Math.Max(next, applied + 1))
                throw new LedgerCorruptException(segment.Path, 0, $"it begins at sequence {segment.FirstSequence}, expected was {next}");

            var (length, after, cut) = Scan(segment, isLast: i == segments.Count - 1);
            cutBytes += cut;
            segments[i] = segment with { Length = length };
            next = after;
        }

        return new SpoolContents(segments, next, cutBytes);
    }

    private static (long Length, long NextSequence, long Cut) Scan(SpoolSegment segment, bool isLast)
    {
        using var handle = File.OpenHandle(segment.Path, FileMode.Open, FileAccess.ReadWrite);
        var buffer = new byte[ChunkBytes];
        long good = 0;
        var next = segment.FirstSequence;
        while (good < segment.Length)
        {
            var read = ReadFully(handle, buffer, good);
            var used = 0;
            while (used < read)
            {
                var state = SpoolFrame.Read(buffer.AsSpan(used, read - used), out var json, out var length);
                if (state != SpoolFrameState.Whole)
                {
                    if (state == SpoolFrameState.Partial && good + read - used < segment.Length)
                        break;
                    var line = state == SpoolFrameState.Partial ? buffer.AsSpan(used, read - used) : buffer.AsSpan(used, length);
                    if (!isLast || !IsTorn(state, line, handle, good, segment.Length))
                        throw new LedgerCorruptException(segment.Path, good, "the line does not match its checksum");
                    var cut = EndOfData(handle, good, segment.Length) - good;
                    RandomAccess.SetLength(handle, good);
                    RandomAccess.FlushToDisk(handle);
                    return (good, next, cut);
                }

                CheckSequence(segment, good, json, next++);
                used += length;
                good += length;
            }

            if (used == 0)
                buffer = new byte[buffer.Length * 2];
        }

        return (good, next, 0);
    }

    private static void CheckSequence(SpoolSegment segment, long offset, ReadOnlySpan<byte> json, long expected)
    {
        long sequence;
        try
        {
            sequence = SpoolFrame.Sequence(json);
        }
        catch (JsonException e)
        {
            throw new LedgerCorruptException(segment.Path, offset, e.Message);
        }

        if (sequence != expected)
            throw new LedgerCorruptException(segment.Path, offset, $"sequence {sequence} stands where {expected} belongs");
    }

    /// <summary>
    /// A killed process leaves the beginning of a line, and behind it zeros where more would have gone. A machine crash may leave zeros where
    /// data had not reached the disk, behind which other pages can have reached it: such zeros end where a page does. A line that ends
    /// properly and has no zeros was written whole and has changed since: that is damage.
    /// </summary>
    private static bool IsTorn(SpoolFrameState state, ReadOnlySpan<byte> line, SafeFileHandle handle, long offset, long fileLength) =>
        state == SpoolFrameState.Partial
        || (line.LastIndexOf((byte)0) is >= 0 and var zero
            && ((offset + zero + 1) % MappedSpoolFile.PageBytes == 0 || EndOfData(handle, offset + line.Length, fileLength) == offset + line.Length));

    /// <summary>Where the zeros begin that go on to the end.</summary>
    private static long EndOfData(SafeFileHandle handle, long from, long to)
    {
        var buffer = new byte[ChunkBytes];
        var end = from;
        int read;
        for (; from < to && (read = ReadFully(handle, buffer, from)) > 0; from += read)
        {
            if (buffer.AsSpan(0, read).LastIndexOfAnyExcept((byte)0) is >= 0 and var last)
                end = from + last + 1;
        }

        return end;
    }

    private static int ReadFully(SafeFileHandle handle, byte[] buffer, long offset)
    {
        var total = 0;
        int read;
        while (total < buffer.Length && (read = RandomAccess.Read(handle, buffer.AsSpan(total), offset + total)) > 0)
            total += read;
        return total;
    }
}
