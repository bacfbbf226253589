using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Gateway.Protocol.Embeddings;

/// <summary>
/// A vector as it came: an array of numbers or a string of base64, and turned into the other only for a client who wants that, because a vector is
/// thousands of numbers and most are passed on as they are.
/// </summary>
/// <param name="json">A JSON array of numbers, or a JSON string of base64 of little-endian 32-bit floats.</param>
internal readonly struct EmbeddingVector(RawJson json) : IEquatable<EmbeddingVector>
{
    /// <summary>The value as it came.</summary>
    public RawJson Json { get; } = json;

    /// <summary>Whether it came as base64.</summary>
    public bool IsBase64 => !Json.IsMissing && Json.Utf8.Span[0] == (byte)'"';

    /// <summary>The vector of these numbers.</summary>
    public static EmbeddingVector Of(ReadOnlySpan<float> values)
    {
        var output = new ArrayBufferWriter<byte>(values.Length * 12);
        using (var json = new Utf8JsonWriter(output))
            WriteNumbers(json, values);
        return new EmbeddingVector(new RawJson(output.WrittenMemory));
    }

    /// <summary>The numbers.</summary>
    /// <exception cref="JsonException">They are none.</exception>
    public float[] ToFloats()
    {
        var reader = new Utf8JsonReader(Json.Utf8.Span);
        try
        {
            reader.Read();
            return reader.TokenType == JsonTokenType.String ? Unpack(reader.GetBytesFromBase64()) : ReadNumbers(ref reader);
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            throw new JsonException("The vector holds something that is no number.", e);
        }
    }

    /// <summary>Writes the vector in one form.</summary>
    /// <exception cref="JsonException">What came is no vector.</exception>
    public void WriteTo(Utf8JsonWriter writer, EmbeddingForms form)
    {
        var wantsBase64 = form == EmbeddingForms.Base64;
        if (wantsBase64 == IsBase64)
            Json.WriteTo(writer);
        else if (wantsBase64)
            WriteBase64(writer, ToFloats());
        else
            WriteNumbers(writer, ToFloats());
    }

    public bool Equals(EmbeddingVector other) => Json.Equals(other.Json);

    public override bool Equals(object? obj) => obj is EmbeddingVector other && Equals(other);

    public override int GetHashCode() => Json.GetHashCode();

    private static float[] ReadNumbers(ref Utf8JsonReader reader)
    {
        var values = new List<float>(1536);
        while (reader.Read() && reader.TokenType == JsonTokenType.Number)
            values.Add(reader.GetSingle());
        return reader.TokenType == JsonTokenType.EndArray ? [.. values] : throw new JsonException("The vector holds something that is no number.");
    }

    private static float[] Unpack(byte[] bytes)
    {
        if (bytes.Length % sizeof(float) != 0)
            throw new JsonException("The vector's length is no multiple of four bytes.");
        var values = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        return values;
    }

    private static void WriteBase64(Utf8JsonWriter writer, float[] values)
    {
        // The wire is little-endian, and so is every machine .NET 10 runs on. Raw, because the default encoder escapes the plus sign.
        var bytes = MemoryMarshal.AsBytes<float>(values);
        var text = ArrayPool<byte>.Shared.Rent(Base64.GetMaxEncodedToUtf8Length(bytes.Length) + 2);
        text[0] = (byte)'"';
        Base64.EncodeToUtf8(bytes, text.AsSpan(1), out _, out var written);
        text[written + 1] = (byte)'"';
        writer.WriteRawValue(text.AsSpan(0, written + 2), skipInputValidation: true);
        ArrayPool<byte>.Shared.Return(text);
    }

    private static void WriteNumbers(Utf8JsonWriter writer, ReadOnlySpan<float> values)
    {
        writer.WriteStartArray();
        foreach (var value in values)
        {
            if (!float.IsFinite(value))
                throw new JsonException("The vector holds something that is no number.");
            writer.WriteNumberValue(value);
        }

        writer.WriteEndArray();
    }
}
