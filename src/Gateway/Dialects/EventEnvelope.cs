namespace Gateway.Dialects;

/// <summary>
/// What the events of one stream have in common: of most, the text alone is new. An event that equals the one kept, byte for byte but for a text
/// without escapes, means what that one meant, and need not be read again as JSON.
/// </summary>
internal sealed class EventEnvelope
{
    /// <summary>A provider whose events differ in more than the text is not compared for long.</summary>
    private const int MostMisses = 4;

    private byte[] _head = [];
    private byte[] _tail = [];
    private int _misses;

    /// <summary>Whether an event that has been read is worth keeping.</summary>
    public bool IsWanted => _misses < MostMisses;

    /// <summary>Keeps an event of which the text is all that it brought.</summary>
    /// <param name="data">The event's JSON.</param>
    /// <param name="textAt">Where its text begins, in bytes, after the quote.</param>
    /// <param name="textLength">The text's length in bytes, escapes not decoded.</param>
    public void Keep(ReadOnlySpan<byte> data, int textAt, int textLength)
    {
        _head = data[..textAt].ToArray();
        _tail = data[(textAt + textLength)..].ToArray();
        _misses++;
    }

    /// <summary>Whether an event is the one kept with another text, which is not empty and has no escapes.</summary>
    public bool TryMatch(ReadOnlySpan<byte> data, out ReadOnlySpan<byte> text)
    {
        text = default;
        var length = data.Length - _head.Length - _tail.Length;
        if (_head.Length == 0 || length <= 0 || !data.StartsWith(_head) || !data.EndsWith(_tail))
            return false;
        text = data.Slice(_head.Length, length);
        if (text.ContainsAny(JsonCursor.StringStops))
            return false;
        _misses = 0;
        return true;
    }
}
