using System.Collections;
using System.Globalization;
using System.Text;
using Gateway.Protocol;

namespace Gateway.Tests.Dialects.Anthropic;

/// <summary>Everything a canonical object says, as text: what is not said is left out.</summary>
internal static class CanonicalDump
{
    public static string Of(object? value)
    {
        var text = new StringBuilder();
        Write(text, value);
        return text.ToString();
    }

    private static void Write(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case string s:
                text.Append('"').Append(s).Append('"');
                break;
            case RawJson json:
                text.Append(json);
                break;
            case Enum or bool:
                text.Append(value);
                break;
            case IFormattable number:
                text.Append(number.ToString(null, CultureInfo.InvariantCulture));
                break;
            case IEnumerable list:
                text.Append('[');
                foreach (var item in list)
                {
                    Write(text, item);
                    text.Append(", ");
                }

                text.Append(']');
                break;
            default:
                WriteObject(text, value);
                break;
        }
    }

    private static void WriteObject(StringBuilder text, object value)
    {
        text.Append(value.GetType().Name).Append('{');
        foreach (var property in value.GetType().GetProperties().Where(p => p.GetIndexParameters().Length == 0 && p.Name != "EqualityContract"))
        {
            var said = property.GetValue(value);
            if (said is null or false or "" or RawJson { IsMissing: true } or ICollection { Count: 0 })
                continue;
            text.Append(property.Name).Append(": ");
            Write(text, said);
            text.Append("; ");
        }

        text.Append("}\n");
    }
}
