using System.Globalization;
using System.Text;

namespace Gateway.Configuration.Documents;

/// <summary>Writes normal JSON paths (RFC 9535): <c>$.routes['my route'].targets[0]</c>.</summary>
internal static class JsonPath
{
    /// <summary>The whole document.</summary>
    public const string Root = "$";

    /// <summary>The path of a member.</summary>
    public static string Member(string parent, string name) => IsPlain(name)
        ? $"{parent}.{name}"
        : $"{parent}['{Escape(name)}']";

    /// <summary>The path of an array item.</summary>
    public static string Item(string parent, int index) => $"{parent}[{index}]";

    // Control characters are escaped so that no name can forge a line of a report.
    private static string Escape(string name)
    {
        var escaped = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            if (c is '\\' or '\'') escaped.Append('\\').Append(c);
            else if (char.IsControl(c)) escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else escaped.Append(c);
        }

        return escaped.ToString();
    }

    private static bool IsPlain(string name)
    {
        if (name.Length == 0 || char.IsAsciiDigit(name[0])) return name == "$schema";
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_') return name == "$schema";
        }

        return true;
    }
}
