using System.Net;
using System.Text.Json;
using Gateway.Admission.Roles;
using Gateway.Configuration.Settings;

namespace Gateway.Configuration.Login;

/// <summary>The rules that strings under <c>login</c> keep.</summary>
internal static class LoginTextRules
{
    private const int LongestName = 256;

    /// <summary>An issuer, or where its keys are.</summary>
    public static readonly TextRule Issuer = new("an https:// URL (http:// only on this machine)", static text => UrlFault(text))
    {
        Pattern = "^https?://",
    };

    /// <summary>Where browsers reach the gateway.</summary>
    public static readonly TextRule PublicUrl = new("an https:// URL without a path (http:// only on this machine)", static text =>
        UrlFault(text) ?? (new Uri(text).PathAndQuery != "/" || text.EndsWith('/') ? "must be only scheme, host and port, without a slash at the end" : null))
    {
        Pattern = "^https?://",
    };

    /// <summary>Where codes are taken up.</summary>
    public static readonly TextRule RedirectPath = new("a path under \"/admin/login/\"", static text =>
        text.StartsWith("/admin/login/", StringComparison.Ordinal) && text.Length is > 13 and <= 200 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.') && !text.Contains("..", StringComparison.Ordinal)
            ? null
            : "must be a path under \"/admin/login/\" of letters, digits, '-', '_', '.' and '/'")
    {
        Pattern = "^/admin/login/[A-Za-z0-9/_.-]+$",
    };

    /// <summary>A claim's name or value, a client's id, an audience.</summary>
    public static readonly TextRule Word = new($"a text of at most {LongestName} characters", static text =>
        text.Length is > 0 and <= LongestName && !string.IsNullOrWhiteSpace(text) && !text.Any(char.IsControl) ? null : $"must be a text of 1 to {LongestName} characters on one line, not blank")
    {
        Pattern = "\\S",
    };

    /// <summary>A scope.</summary>
    public static readonly TextRule Scope = new("a scope such as \"openid\"", static text =>
        text.Length is > 0 and <= LongestName && !text.AsSpan().ContainsAnyExceptInRange('!', '~') ? null : "must be a scope such as \"openid\", without spaces")
    {
        Pattern = "^[!-~]+$",
    };

    /// <summary>A role.</summary>
    public static readonly TextRule Role = TextRule.OneOf([.. Enum.GetValues<Role>().Select(NameOf)]);

    /// <summary>The word for a role.</summary>
    public static string NameOf(Role role) => JsonNamingPolicy.KebabCaseLower.ConvertName(role.ToString());

    /// <summary>The role of a word, or null.</summary>
    public static Role? ParseRole(string word) => Enum.GetValues<Role>().Where(r => NameOf(r) == word).Select(r => (Role?)r).FirstOrDefault();

    // Whoever can change what comes from there can be anybody here, so it has to come through TLS.
    private static string? UrlFault(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp) || uri.UserInfo.Length > 0)
            return "must be an https:// URL";
        if (uri.Fragment.Length > 0 || uri.Query.Length > 0) return "must have neither '?' nor '#'";
        return uri.Scheme == Uri.UriSchemeHttps || IsThisMachine(uri) ? null : "must be https://; http:// is only for an issuer on this machine";
    }

    private static bool IsThisMachine(Uri uri) =>
        uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
