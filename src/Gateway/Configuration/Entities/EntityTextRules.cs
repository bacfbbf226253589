using System.Globalization;
using Gateway.Admission;
using Gateway.Admission.Directory;
using Gateway.Configuration.Settings;

namespace Gateway.Configuration.Entities;

/// <summary>The rules that strings in customers, teams, users and keys keep.</summary>
internal static class EntityTextRules
{
    private const int LongestText = 256;

    /// <summary>Id of an entity; names of limits too. Part of state keys and of limits' ids.</summary>
    public static readonly TextRule Id = new("an id: letters, digits, '-', '_' and '.', beginning with a letter or digit", static text =>
        IsId(text) ? null : "must be made of letters, digits, '-', '_' and '.', begin with a letter or digit, and have at most 64 characters")
    {
        Pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
    };

    /// <summary>The name of a limit.</summary>
    public static readonly TextRule LimitName = new(Id.Expected, static text =>
        Id.Fault(text) ?? (text is LimitCompiler.MaxParallel or LimitCompiler.MaxBytesInFlight ? $"is the name of the limit that {text} makes; choose another" : null))
    {
        Pattern = Id.Pattern,
    };

    /// <summary>A short text for people.</summary>
    public static readonly TextRule Text = new($"a text of at most {LongestText} characters", static text =>
        text.Length is > 0 and <= LongestText && !string.IsNullOrWhiteSpace(text) && !text.Any(char.IsControl) ? null : $"must be a text of 1 to {LongestText} characters on one line, not blank")
    {
        Pattern = "\\S",
    };

    /// <summary>A glob over provider ids.</summary>
    public static readonly TextRule ProviderGlob = new("a provider's id or a glob over them (* and ?)", static text =>
        text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_' or '.' or '*' or '?')
            ? null
            : "must be a provider's id, or a glob over them with * and ?")
    {
        Pattern = "^[a-z0-9._*?-]{1,64}$",
    };

    /// <summary>A glob over MCP tools.</summary>
    public static readonly TextRule ToolGlob = new("a tool's name or a glob over them (* and ?)", static text => TextRules.ModelGlob.Fault(text))
    {
        Pattern = TextRules.ModelGlob.Pattern,
    };

    /// <summary>A tag. Tags become values of metrics.</summary>
    public static readonly TextRule Tag = new("a tag of at most 64 characters without spaces", static text =>
        text.Length is > 0 and <= 64 && !text.AsSpan().ContainsAnyExceptInRange('!', '~') ? null : "must be 1 to 64 printable ASCII characters without spaces")
    {
        Pattern = "^[!-~]{1,64}$",
    };

    /// <summary>The window of a budget.</summary>
    public static readonly TextRule BudgetWindow = new("a window: \"1h\" to \"744h\", \"1d\" to \"31d\", \"1w\" to \"4w\", or \"1M\"", static text =>
        LimitWindow.Budget(text) is null ? "must be a window: \"1h\" to \"744h\", \"1d\" to \"31d\", \"1w\" to \"4w\", or \"1M\"" : null)
    {
        Pattern = "^[1-9][0-9]{0,2}[hdwM]$",
    };

    /// <summary>The window of a rate limit.</summary>
    public static readonly TextRule RateWindow = new("a window: \"1s\" to \"3600s\", \"1m\" to \"60m\", or \"1h\"", static text =>
        LimitWindow.Rate(text) is null ? "must be a window: \"1s\" to \"3600s\", \"1m\" to \"60m\", or \"1h\"" : null)
    {
        Pattern = "^[1-9][0-9]{0,3}[smh]$",
    };

    /// <summary>An IANA time zone.</summary>
    public static readonly TextRule TimeZone = new("an IANA time zone such as \"Europe/Berlin\"", static text =>
        IsTimeZone(text) ? null : "must be an IANA time zone such as \"Europe/Berlin\" or \"UTC\"")
    {
        Pattern = "^[A-Za-z]",
    };

    /// <summary>A network.</summary>
    public static readonly TextRule Network = new("a network such as \"10.0.0.0/8\" or one address", static text => NetworkText.Read(text, out _))
    {
        Pattern = "^[0-9A-Fa-f:.]+(/[0-9]{1,3})?$",
    };

    /// <summary>A moment.</summary>
    public static readonly TextRule Moment = new("a moment such as \"2027-01-31T00:00:00Z\"", static text =>
        ParseMoment(text) is null ? "must be a moment with its offset, such as \"2027-01-31T00:00:00Z\"" : null)
    {
        Pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9]{2}:[0-9]{2})$",
    };

    /// <summary>The moment, in UTC, or null.</summary>
    public static DateTimeOffset? ParseMoment(string text) =>
        text.Length is >= 20 and <= 35 && text[10] == 'T' && (text[^1] == 'Z' || text[^6] is '+' or '-')
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var moment)
            ? moment
            : null;

    private static bool IsId(string text) =>
        text.Length is > 0 and <= 64 && char.IsAsciiLetterOrDigit(text[0]) && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static bool IsTimeZone(string text) =>
        text.Length is > 0 and <= 64 && char.IsAsciiLetter(text[0]) && !text.Contains(' ', StringComparison.Ordinal) && TimeZoneInfo.TryFindSystemTimeZoneById(text, out var zone) && zone.HasIanaId;
}
