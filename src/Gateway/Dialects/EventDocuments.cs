using System.Text.Json;

namespace Gateway.Dialects;

/// <summary>
/// Reads the events of one stream as JSON documents, one after the other, on memory that serves them all. A document made of a span by
/// System.Text.Json itself is read twice: once to find its end, and once more from a copy.
/// </summary>
internal sealed class EventDocuments
{
    private const int Kept = 4 * 1024;

    private byte[] _bytes = [];

    /// <summary>Reads an event. Dispose the document before the next.</summary>
    /// <param name="utf8">One JSON value and nothing else.</param>
    /// <exception cref="JsonException">It is not JSON, or more than one value.</exception>
    public JsonDocument Parse(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > Kept)
            return WireJson.Parse(utf8.ToArray());
        if (_bytes.Length < utf8.Length)
            _bytes = new byte[Math.Clamp(2 * utf8.Length, 512, Kept)];
        utf8.CopyTo(_bytes);
        return WireJson.Parse(_bytes.AsMemory(0, utf8.Length));
    }
}
