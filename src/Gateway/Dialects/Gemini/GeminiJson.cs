using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Dialects.Gemini;

/// <summary>
/// What is particular to JSON as Google's APIs read it: every member may be written in camel case or, as in the protocol's own definition,
/// with underscores; 64-bit numbers may be text; binary data may use either base64 alphabet.
/// </summary>
internal static class GeminiJson
{
    private const int LongestName = 64;

    /// <summary>The member under either of its names; default (undefined) when there is none.</summary>
    /// <param name="element">The object.</param>
    /// <param name="camel">The name in camel case, ASCII.</param>
    public static JsonElement Member(this JsonElement element, ReadOnlySpan<byte> camel)
    {
        var value = element.Get(camel);
        if (value.ValueKind != JsonValueKind.Undefined || element.ValueKind != JsonValueKind.Object)
            return value;
        Span<byte> snake = stackalloc byte[LongestName];
        var length = 0;
        foreach (var c in camel)
        {
            if (char.IsAsciiLetterUpper((char)c))
                snake[length++] = (byte)'_';
            snake[length++] = (byte)char.ToLowerInvariant((char)c);
        }

        return length == camel.Length ? default : element.Get(snake[..length]);
    }

    /// <summary>A member's name in camel case.</summary>
    public static string Camel(string name)
    {
        if (!name.Contains('_', StringComparison.Ordinal))
            return name;
        Span<char> camel = name.Length <= LongestName ? stackalloc char[name.Length] : new char[name.Length];
        var length = 0;
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] == '_' && i > 0 && i + 1 < name.Length)
                camel[length++] = char.ToUpperInvariant(name[++i]);
            else
                camel[length++] = name[i];
        }

        return new string(camel[..length]);
    }

    /// <summary>A member's name in camel case.</summary>
    /// <exception cref="RequestFormatException">It is not text.</exception>
    public static string Camel(JsonProperty member)
    {
        try
        {
            return Camel(member.Name);
        }
        catch (InvalidOperationException)
        {
            throw new RequestFormatException("The name of a member is not valid text.");
        }
    }

    /// <summary>A member's text, under either name.</summary>
    public static string? TextOf(this JsonElement element, ReadOnlySpan<byte> camel) => element.Member(camel).Text();

    /// <summary>A member's whole number, also one written as text, as Google writes 64-bit numbers; or null.</summary>
    public static long? IntegerOf(this JsonElement element, ReadOnlySpan<byte> camel)
    {
        var value = element.Member(camel);
        return value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetInt64(out var whole) => whole,
            JsonValueKind.Number when value.TryGetDouble(out var number) && Math.Abs(number) < long.MaxValue => (long)number,
            JsonValueKind.String when long.TryParse(value.Text(), System.Globalization.CultureInfo.InvariantCulture, out var whole) => whole,
            _ => null,
        };
    }

    /// <summary>A member's number, or null.</summary>
    public static double? NumberOf(this JsonElement element, ReadOnlySpan<byte> camel)
    {
        var value = element.Member(camel);
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) ? number : null;
    }

    /// <summary>A member that is true or false, or null.</summary>
    public static bool? FlagOf(this JsonElement element, ReadOnlySpan<byte> camel) => element.Member(camel).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>A member as it stands; missing when it is absent or null.</summary>
    public static RawJson RawOf(this JsonElement element, ReadOnlySpan<byte> camel)
    {
        var value = element.Member(camel);
        return value.Says() ? RawJson.Of(value) : default;
    }

    /// <summary>The elements of a list; of a value that stands alone, that value; nothing for what is absent or null.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray(),
        JsonValueKind.Undefined or JsonValueKind.Null => [],
        _ => [element],
    };

    /// <summary>A value without the white space between its tokens, with which Google prints its replies.</summary>
    public static RawJson Compact(JsonElement element)
    {
        var raw = System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(element);
        var compact = new byte[raw.Length];
        var length = 0;
        var inText = false;
        for (var i = 0; i < raw.Length; i++)
        {
            var b = raw[i];
            if (inText && b == '\\')
            {
                compact[length++] = b;
                compact[length++] = raw[++i];
                continue;
            }

            if (b == '"')
                inText = !inText;
            if (inText || b is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
                compact[length++] = b;
        }

        return new RawJson(compact.AsMemory(0, length));
    }

    /// <summary>Base64 in the standard alphabet, with its padding: clients in Python send the other one.</summary>
    public static string StandardBase64(string data)
    {
        if (data.AsSpan().IndexOfAny('-', '_') < 0 && data.Length % 4 == 0)
            return data;
        var standard = data.Replace('-', '+').Replace('_', '/');
        return (standard.Length % 4) switch
        {
            2 => standard + "==",
            3 => standard + "=",
            _ => standard,
        };
    }

    /// <summary>Keeps a member that only this wire knows.</summary>
    public static ExtraMember Extra(string path, JsonProperty member) =>
        new(Operation.GenerateContent, path.Length == 0 ? member.Name : $"{path}.{member.Name}", member.Name, RawJson.Of(member.Value));
}
