using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace GatewayApi.Simulator;

/// <summary>Forgiving reads of a request's members: absent and null are the same, strings may hold broken Unicode.</summary>
internal static class JsonFields
{
    /// <summary>The member, or an undefined element when it is absent, null, or <paramref name="owner"/> is no object.</summary>
    public static JsonElement Member(this JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : default;

    /// <summary>Whether the element holds a value.</summary>
    public static bool Exists(this JsonElement element) => element.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    /// <summary>The string member, or null when absent.</summary>
    /// <exception cref="SimulatorException">400 when it is another kind.</exception>
    public static string? String(this JsonElement owner, string name)
    {
        var value = owner.Member(name);
        if (!value.Exists())
            return null;
        return value.ValueKind == JsonValueKind.String
            ? value.Text()
            : throw SimulatorException.BadRequest(name, "'" + name + "' must be a string.");
    }

    /// <summary>The integer member, or null when absent.</summary>
    /// <exception cref="SimulatorException">400 when it is no integer or out of range.</exception>
    public static int? Integer(this JsonElement owner, string name, int least, int most = int.MaxValue)
    {
        var value = owner.Member(name);
        if (!value.Exists())
            return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most
            ? number
            : throw SimulatorException.BadRequest(name, "'" + name + "' must be an integer from " + least.ToString(CultureInfo.InvariantCulture) + " to " + most.ToString(CultureInfo.InvariantCulture) + ".");
    }

    /// <summary>The boolean member, or <paramref name="otherwise"/> when absent.</summary>
    /// <exception cref="SimulatorException">400 when it is another kind.</exception>
    public static bool Flag(this JsonElement owner, string name, bool otherwise = false) => owner.Member(name).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Undefined => otherwise,
        _ => throw SimulatorException.BadRequest(name, "'" + name + "' must be a boolean."),
    };

    /// <summary>The element's bytes as they came.</summary>
    public static ReadOnlySpan<byte> Raw(this JsonElement element) => JsonMarshal.GetRawUtf8Value(element);

    /// <summary>A string's text. Lone surrogates and invalid UTF-8, on which JsonElement.GetString throws, become U+FFFD.</summary>
    public static string Text(this JsonElement element)
    {
        var raw = element.Raw();
        raw = raw[1..^1];
        return raw.Contains((byte)'\\') ? Unescape(raw) : Encoding.UTF8.GetString(raw);
    }

    private static string Unescape(ReadOnlySpan<byte> raw)
    {
        var text = new StringBuilder(raw.Length);
        while (!raw.IsEmpty)
        {
            var escape = raw.IndexOf((byte)'\\');
            if (escape < 0)
            {
                text.Append(Encoding.UTF8.GetString(raw));
                break;
            }

            text.Append(Encoding.UTF8.GetString(raw[..escape]));
            var code = raw[escape + 1];
            if (code == (byte)'u')
            {
                // The parser has seen four hexadecimal digits here.
                text.Append(Utf8Parser.TryParse(raw.Slice(escape + 2, 4), out ushort unit, out _, 'x') ? (char)unit : '\uFFFD');
                raw = raw[(escape + 6)..];
                continue;
            }

            text.Append(code switch
            {
                (byte)'n' => '\n',
                (byte)'r' => '\r',
                (byte)'t' => '\t',
                (byte)'b' => '\b',
                (byte)'f' => '\f',
                _ => (char)code,
            });
            raw = raw[(escape + 2)..];
        }

        return WithoutLoneSurrogates(text);
    }

    private static string WithoutLoneSurrogates(StringBuilder text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
                i++;
            else
                text[i] = '\uFFFD';
        }

        return text.ToString();
    }
}
