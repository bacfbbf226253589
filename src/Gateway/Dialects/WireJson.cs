using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Dialects;

/// <summary>What the codecs share in reading and writing JSON. Text may hold lone surrogates (a provider may cut an emoji in two), which System.Text.Json refuses.</summary>
internal static class WireJson
{
    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = 256 };
    private static readonly JsonWriterOptions Writing = JsonText.Writing with { SkipValidation = true, MaxDepth = 512 };

    /// <summary>Reads a document. Dispose it.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> utf8) => JsonDocument.Parse(utf8, Reading);

    /// <summary>A writer that escapes only what JSON must and doesn't check its caller. Dispose it.</summary>
    public static Utf8JsonWriter Writer(IBufferWriter<byte> output) => new(output, Writing);

    /// <summary>The member of an object, or default (undefined) when the value is no object or has no such member.</summary>
    public static JsonElement Get(this JsonElement element, ReadOnlySpan<byte> name)
    {
        if (element.ValueKind != JsonValueKind.Object)
            return default;
        try
        {
            return element.TryGetProperty(name, out var value) ? value : default;
        }
        catch (InvalidOperationException)
        {
            return GetAmongBrokenNames(element, name);
        }
    }

    /// <summary>Whether there is a value other than null.</summary>
    public static bool Says(this JsonElement element) => element.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    /// <summary>The text of a string, lone surrogates and all; null for anything that is not a string.</summary>
    public static string? Text(this JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            return Unescape(JsonMarshal.GetRawUtf8Value(element)[1..^1]);
        }
    }

    /// <summary>The text of a member, or null.</summary>
    public static string? Text(this JsonElement element, ReadOnlySpan<byte> name) => element.Get(name).Text();

    /// <summary>A member as a whole number (also written as 1.0), or null.</summary>
    public static long? Integer(this JsonElement element, ReadOnlySpan<byte> name)
    {
        var value = element.Get(name);
        if (value.ValueKind != JsonValueKind.Number)
            return null;
        return value.TryGetInt64(out var whole) ? whole
            : value.TryGetDouble(out var number) && Math.Abs(number) < long.MaxValue ? (long)number
            : null;
    }

    /// <summary>A member as a number, or null.</summary>
    public static double? Number(this JsonElement element, ReadOnlySpan<byte> name)
    {
        var value = element.Get(name);
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) ? number : null;
    }

    /// <summary>A member as true or false, or null.</summary>
    public static bool? Flag(this JsonElement element, ReadOnlySpan<byte> name) => element.Get(name).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>A member as it stands; missing when it is absent or null.</summary>
    public static RawJson Raw(this JsonElement element, ReadOnlySpan<byte> name)
    {
        var value = element.Get(name);
        return value.Says() ? RawJson.Of(value) : default;
    }

    /// <summary>Writes a member of text, which may hold lone surrogates.</summary>
    public static void WriteText(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, string text)
    {
        writer.WritePropertyName(name);
        writer.WriteTextValue(text);
    }

    /// <summary>Writes text, which may hold lone surrogates.</summary>
    public static void WriteTextValue(this Utf8JsonWriter writer, string text)
    {
        if (IsWellFormed(text))
            writer.WriteStringValue(text);
        else
            writer.WriteRawValue(Escape(text), skipInputValidation: true);
    }

    /// <summary>Writes a member as the JSON it is.</summary>
    public static void WriteRaw(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, RawJson value)
    {
        writer.WritePropertyName(name);
        value.WriteTo(writer);
    }

    /// <inheritdoc cref="WriteRaw(Utf8JsonWriter, ReadOnlySpan{byte}, RawJson)"/>
    public static void WriteRaw(this Utf8JsonWriter writer, string name, RawJson value)
    {
        writer.WritePropertyName(name);
        value.WriteTo(writer);
    }

    /// <summary>JSON text (a tool's arguments) as a JSON value: empty text is <c>{}</c>; null when it is not valid JSON.</summary>
    public static RawJson? ValueOf(string jsonText)
    {
        if (string.IsNullOrWhiteSpace(jsonText))
            return new RawJson("{}"u8.ToArray());
        var bytes = Encoding.UTF8.GetBytes(jsonText);
        try
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = 256 });
            reader.Read();
            reader.Skip();
            return reader.Read() ? null : new RawJson(bytes);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The member of an object that has another whose name is no text: it is not the one that is looked for.</summary>
    private static JsonElement GetAmongBrokenNames(JsonElement element, ReadOnlySpan<byte> name)
    {
        JsonElement found = default;
        foreach (var member in element.EnumerateObject())
        {
            try
            {
                if (member.NameEquals(name))
                    found = member.Value;
            }
            catch (InvalidOperationException)
            {
                // Not text, and so not this name.
            }
        }

        return found;
    }

    private static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
                return false;
            i++;
        }

        return true;
    }

    private static byte[] Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 16).Append('"');
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                escaped.Append(c).Append(text[++i]);
            else if (char.IsSurrogate(c) || c < ' ' || c is '"' or '\\')
                escaped.Append("\\u").Append(((int)c).ToString("x4", System.Globalization.CultureInfo.InvariantCulture));
            else
                escaped.Append(c);
        }

        return Encoding.UTF8.GetBytes(escaped.Append('"').ToString());
    }

    /// <summary>Decodes the inside of a JSON string that is known to be valid JSON but for its surrogates.</summary>
    private static string Unescape(ReadOnlySpan<byte> escaped)
    {
        var text = Encoding.UTF8.GetString(escaped);
        var decoded = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                decoded.Append(text[i]);
                continue;
            }

            switch (text[++i])
            {
                case 'u':
                    decoded.Append((char)ushort.Parse(text.AsSpan(i + 1, 4), System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture));
                    i += 4;
                    break;
                case 'n': decoded.Append('\n'); break;
                case 't': decoded.Append('\t'); break;
                case 'r': decoded.Append('\r'); break;
                case 'b': decoded.Append('\b'); break;
                case 'f': decoded.Append('\f'); break;
                default: decoded.Append(text[i]); break;
            }
        }

        return decoded.ToString();
    }
}
