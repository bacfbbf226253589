namespace Gateway.Configuration.Documents;

/// <summary>Writes normal JSON paths (RFC 9535): <c>$.routes['my route'].targets[0]</c>.</summary>
internal static class JsonPath
{
    /// <summary>The whole document.</summary>
    public const string Root = "$";

    /// <summary>The path of a member.</summary>
    public static string Member(string parent, string name) => IsPlain(name)
        ? $"{parent}.{name}"
        : $"{parent}['{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}']";

    /// <summary>The path of an array item.</summary>
    public static string Item(string parent, int index) => $"{parent}[{index}]";

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
