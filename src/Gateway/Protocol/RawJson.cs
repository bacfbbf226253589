using System.Runtime.InteropServices;
using System.Text.Json;

namespace Gateway.Protocol;

/// <summary>A JSON value kept as the bytes in which it came: numbers, key order and escapes survive.</summary>
/// <param name="utf8">One whole, valid JSON value.</param>
internal readonly struct RawJson(ReadOnlyMemory<byte> utf8) : IEquatable<RawJson>
{
    /// <summary>The bytes; empty when there is no value.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; } = utf8;

    /// <summary>Whether there is no value at all (not even null).</summary>
    public bool IsMissing => Utf8.IsEmpty;

    /// <summary>A copy of the value an element stands for.</summary>
    public static RawJson Of(JsonElement element) => new(JsonMarshal.GetRawUtf8Value(element).ToArray());

    /// <summary>Writes the bytes as they are. The value must not be missing.</summary>
    public void WriteTo(Utf8JsonWriter writer) => writer.WriteRawValue(Utf8.Span, skipInputValidation: true);

    /// <summary>Reads the bytes. The value must not be missing.</summary>
    public JsonDocument Parse() => JsonDocument.Parse(Utf8);

    public bool Equals(RawJson other) => Utf8.Span.SequenceEqual(other.Utf8.Span);

    public override bool Equals(object? obj) => obj is RawJson other && Equals(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Utf8.Span);
        return hash.ToHashCode();
    }

    public override string ToString() => System.Text.Encoding.UTF8.GetString(Utf8.Span);
}
