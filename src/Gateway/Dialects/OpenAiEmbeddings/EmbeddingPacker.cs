using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text.Json;
using Gateway.Transport;

namespace Gateway.Dialects.OpenAiEmbeddings;

/// <summary>Turns embeddings given as arrays of numbers into base64 of little-endian 32-bit floats, leaving every other byte alone.</summary>
internal static class EmbeddingPacker
{
    // As deep as the reply was allowed to be when it was checked.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 256 };

    /// <summary>The corrected body, or null when no embedding is an array.</summary>
    public static PooledBuffer? ToBase64(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, Options);
        PooledBuffer? output = null;
        var copied = 0;
        var values = new List<float>();
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || !reader.TextIs("embedding"u8))
                continue;
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartArray)
                continue;
            var start = (int)reader.TokenStartIndex;
            values.Clear();
            while (reader.Read() && reader.TokenType == JsonTokenType.Number)
                values.Add(reader.GetSingle());
            if (reader.TokenType != JsonTokenType.EndArray)
                continue;
            output ??= new PooledBuffer(body.Length);
            output.Append(body[copied..start]);
            Pack(CollectionsMarshal.AsSpan(values), output);
            copied = (int)reader.BytesConsumed;
        }

        output?.Append(body[copied..]);
        return output;
    }

    /// <summary>The reverse: the corrected body, or null when the first embedding is no string, which is the rule and costs no more than finding it.</summary>
    public static PooledBuffer? ToNumbers(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, Options);
        PooledBuffer? output = null;
        var copied = 0;
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || !reader.TextIs("embedding"u8))
                continue;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
                return output is null ? null : Finish(output, body[copied..]);
            if (!reader.TryGetBytesFromBase64(out var packed) || packed.Length % sizeof(float) != 0)
                continue;
            var values = MemoryMarshal.Cast<byte, float>(packed);
            if (values.ContainsAny(float.NaN, float.PositiveInfinity, float.NegativeInfinity))
                continue; // JSON has no word for them
            output ??= new PooledBuffer(body.Length * 3);
            output.Append(body[copied..(int)reader.TokenStartIndex]);
            copied = (int)reader.BytesConsumed;
            using var json = new Utf8JsonWriter(output);
            json.WriteStartArray();
            foreach (var value in values)
                json.WriteNumberValue(value);
            json.WriteEndArray();
        }

        return output is null ? null : Finish(output, body[copied..]);
    }

    private static PooledBuffer Finish(PooledBuffer output, ReadOnlySpan<byte> rest)
    {
        output.Append(rest);
        return output;
    }

    private static void Pack(ReadOnlySpan<float> values, PooledBuffer output)
    {
        // The wire is little-endian, and so is every machine .NET 10 runs on.
        var bytes = MemoryMarshal.AsBytes(values);
        var span = output.GetSpan(Base64.GetMaxEncodedToUtf8Length(bytes.Length) + 2);
        span[0] = (byte)'"';
        Base64.EncodeToUtf8(bytes, span[1..], out _, out var written);
        span[written + 1] = (byte)'"';
        output.Advance(written + 2);
    }
}
