using System.Globalization;
using System.Text;

namespace Gateway.Dialects;

/// <summary>The bytes that limit a reply's output.</summary>
internal static class OutputLimitText
{
    /// <summary>What is spliced in.</summary>
    /// <param name="kind">What stands there now.</param>
    /// <param name="tokens">The limit.</param>
    /// <param name="name">The number's name.</param>
    /// <param name="within">The object that it stands in, or null for the body itself.</param>
    public static byte[] Of(OutputLimitKind kind, long tokens, string name, string? within = null)
    {
        var number = tokens.ToString(CultureInfo.InvariantCulture);
        var field = $"\"{name}\":{number}";
        return Encoding.UTF8.GetBytes(kind switch
        {
            OutputLimitKind.InsertMember => within is null ? field + "," : $"\"{within}\":{{{field}}},",
            OutputLimitKind.InsertField => field + ",",
            OutputLimitKind.InsertOnlyField => field,
            OutputLimitKind.ReplaceObject => $"{{{field}}}",
            OutputLimitKind.ReplaceValue => number,
            _ => "",
        });
    }
}
