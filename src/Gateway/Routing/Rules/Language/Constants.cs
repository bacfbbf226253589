using System.Globalization;
using System.Text.Encodings.Web;

namespace Gateway.Routing.Rules.Language;

/// <summary>Makes constant terms.</summary>
internal static class Constants
{
    /// <summary>True or false.</summary>
    public static TypedTerm<bool> Flag(bool value) => new(TermType.Flag, value ? "true" : "false", value);

    /// <summary>A number.</summary>
    public static TypedTerm<double> Number(double value) => new(TermType.Number, Shown(value), value);

    /// <summary>A duration in seconds.</summary>
    public static TypedTerm<double> Duration(double seconds) => new(TermType.Duration, Shown(seconds) + "s", seconds);

    /// <summary>A text.</summary>
    public static TypedTerm<string> Text(string value) => new(TermType.Text, Quoted(value), value);

    /// <summary>A text as a literal.</summary>
    public static string Quoted(string text) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";

    private static string Shown(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
