using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace Gateway.Metering;

/// <summary>Reads the JSON of a spool line into an entry's values.</summary>
internal static class SpoolLine
{
    private const int StackBytes = 512;

    /// <summary>Reads a line.</summary>
    /// <exception cref="JsonException">It is none; some values may be its own then.</exception>
    public static void Read(ReadOnlySpan<byte> json, EntryValues values)
    {
        values.Begin();
        if (!TryReadPlain(json, values))
            ReadAny(json, values);
    }

    /// <summary>Reads a line that is written just as <see cref="SpoolBatch"/> writes one without escapes, which nearly every line is.</summary>
    /// <returns>False when it is not; then what was read means nothing.</returns>
    private static bool TryReadPlain(ReadOnlySpan<byte> json, EntryValues values)
    {
        var fields = LedgerFields.All;
        for (var i = 0; i < fields.Length; i++)
        {
            var member = fields[i].SpoolMember;
            // The first byte is the brace or the comma before the member.
            if (json.Length <= member.Length || !json[1..].StartsWith(member.AsSpan(1)))
            {
                values.SetAbsent(i);
                continue;
            }

            json = json[member.Length..];
            int length;
            if (json[0] == '"')
            {
                length = json[1..].IndexOfAny((byte)'"', (byte)'\\') + 2;
                if (length < 2 || json[length - 1] == '\\')
                    return false;
                values.Set(i, json[1..(length - 1)]);
            }
            else if (json.StartsWith("true"u8))
            {
                length = 4;
                values.Set(i, 1);
            }
            else if (Utf8Parser.TryParse(json, out long number, out length))
            {
                values.Set(i, number);
            }
            else
            {
                return false;
            }

            json = json[length..];
        }

        return json.SequenceEqual("}"u8);
    }

    private static void ReadAny(ReadOnlySpan<byte> json, EntryValues values)
    {
        var fields = LedgerFields.All;
        var next = 0;
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            // Members come in the order of the fields, some left out; a member nobody knows is a newer gateway's.
            var found = next;
            while (found < fields.Length && !reader.ValueTextEquals(fields[found].Utf8Name)) found++;
            if (found == fields.Length)
            {
                reader.Skip();
                continue;
            }

            while (next < found)
                values.SetAbsent(next++);
            reader.Read();
            ReadValue(ref reader, json, values, next++);
        }

        while (next < fields.Length)
            values.SetAbsent(next++);
    }

    private static void ReadValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, EntryValues values, int field)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Number:
                values.Set(field, reader.GetInt64());
                break;
            case JsonTokenType.True:
                values.Set(field, 1);
                break;
            case JsonTokenType.String when !reader.ValueIsEscaped:
                values.Set(field, reader.ValueSpan);
                break;
            case JsonTokenType.String:
                var rented = reader.ValueSpan.Length > StackBytes ? ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length) : null;
                var text = rented ?? stackalloc byte[StackBytes];
                values.Set(field, text[..reader.CopyString(text)]);
                if (rented is not null)
                    ArrayPool<byte>.Shared.Return(rented);
                break;
            case JsonTokenType.StartObject:
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                values.Set(field, json[start..(int)reader.BytesConsumed]);
                break;
            default:
                throw new JsonException($"A ledger line holds a {reader.TokenType} where {LedgerFields.All[field].Name} belongs.");
        }
    }
}
