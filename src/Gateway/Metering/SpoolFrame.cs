using System.Buffers.Text;
using System.Text.Json;

namespace Gateway.Metering;

/// <summary>One line of the spool: eight hex digits of CRC-32C, a space, the entry as JSON, a line feed.</summary>
internal static class SpoolFrame
{
    /// <summary>Bytes before the JSON.</summary>
    public const int PrefixLength = 9;

    /// <summary>Fills in the prefix of a line whose JSON is already in place.</summary>
    /// <param name="line">Prefix and JSON, without the line feed.</param>
    public static void WritePrefix(Span<byte> line)
    {
        Utf8Formatter.TryFormat(Crc32C.Of(line[PrefixLength..]), line, out _, new('x', PrefixLength - 1));
        line[PrefixLength - 1] = (byte)' ';
    }

    /// <summary>Finds the first line of the data.</summary>
    /// <param name="data">Data that begins where a line begins.</param>
    /// <param name="json">The entry, when the line is whole and sound.</param>
    /// <param name="length">Bytes of the line with its line feed; 0 when there is no line feed.</param>
    public static SpoolFrameState Read(ReadOnlySpan<byte> data, out ReadOnlySpan<byte> json, out int length)
    {
        json = default;
        var end = data.IndexOf((byte)'\n');
        length = end + 1;
        if (end < 0)
            return SpoolFrameState.Partial;
        if (end <= PrefixLength || data[PrefixLength - 1] != ' '
            || !Utf8Parser.TryParse(data[..(PrefixLength - 1)], out uint crc, out var used, 'x') || used != PrefixLength - 1)
            return SpoolFrameState.Damaged;
        json = data[PrefixLength..end];
        return Crc32C.Of(json) == crc ? SpoolFrameState.Whole : SpoolFrameState.Damaged;
    }

    /// <summary>The sequence of a sound entry.</summary>
    /// <exception cref="JsonException">It has none.</exception>
    public static long Sequence(ReadOnlySpan<byte> json)
    {
        // No text holds these bytes: a quote in one has a backslash before it.
        var member = ",\"sequence\":"u8;
        if (json.IndexOf(member) is > 0 and var at && Utf8Parser.TryParse(json[(at + member.Length)..], out long sequence, out _))
            return sequence;
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("sequence"u8) && reader.Read())
                return reader.GetInt64();
        }

        throw new JsonException("A ledger line has no sequence.");
    }
}
