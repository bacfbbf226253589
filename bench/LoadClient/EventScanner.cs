using System.Buffers.Text;
using System.Diagnostics;

namespace LoadClient;

/// <summary>Counts the events of a stream of the fake upstream, whose content event number <c>i</c> says <c> t{i}</c>.</summary>
internal sealed class EventScanner
{
    private readonly LineBuffer _lines = new();
    private long _lastContentAt;

    /// <summary>Content events that arrived in their order.</summary>
    public int ContentEvents { get; private set; }

    /// <summary>A content event arrived that was not the next one, or an event held an error.</summary>
    public bool Wrong { get; private set; }

    /// <summary><c>[DONE]</c> arrived.</summary>
    public bool Done { get; private set; }

    /// <summary>When the first content event arrived, as a timestamp; 0: not yet.</summary>
    public long FirstContentAt { get; private set; }

    /// <summary>Microseconds between content events, over all streams since the scanner was made.</summary>
    public List<double> Gaps { get; } = [];

    /// <summary>Gets ready for the next stream.</summary>
    public void Reset() => (ContentEvents, Wrong, Done, FirstContentAt, _lastContentAt) = (0, false, false, 0, 0);

    public void Feed(ReadOnlySpan<byte> bytes, long now)
    {
        while (!bytes.IsEmpty)
        {
            if (_lines.TryTake(ref bytes, out var line) && line.StartsWith("data:"u8))
                Take(line, now);
        }
    }

    private void Take(ReadOnlySpan<byte> line, long now)
    {
        var at = line.IndexOf("\"content\":\" t"u8);
        if (at >= 0)
        {
            if (Utf8Parser.TryParse(line[(at + 13)..], out int number, out _) && number == ContentEvents)
                ContentEvents++;
            else
                Wrong = true;
            if (FirstContentAt == 0)
                FirstContentAt = now;
            else
                Gaps.Add(Stopwatch.GetElapsedTime(_lastContentAt, now).TotalMicroseconds);
            _lastContentAt = now;
        }
        else if (line.EndsWith("[DONE]"u8))
        {
            Done = true;
        }
        else if (line.IndexOf("\"error\":{"u8) >= 0)
        {
            Wrong = true;
        }
    }
}
