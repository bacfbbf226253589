using System.Buffers;
using Gateway.Providers;
using Gateway.Secrets;

namespace Gateway.Configuration.Settings;

/// <summary>The rules that strings in gateway.json keep.</summary>
internal static class TextRules
{
    private const int LongestName = 200;

    private static readonly SearchValues<char> RegionCharacters = SearchValues.Create("-0123456789abcdefghijklmnopqrstuvwxyz");

    private static readonly SearchValues<char> HeaderCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Anything that is not blank.</summary>
    public static readonly TextRule Text = new("a string that is not blank", static text =>
        string.IsNullOrWhiteSpace(text) || text.Contains('\0', StringComparison.Ordinal) ? "must be a string that is not blank" : null)
    {
        Pattern = "\\S",
    };

    /// <summary>A short name that is safe in addresses, metrics and logs.</summary>
    public static readonly TextRule Id = new("a short id: lower-case letters, digits, '-', '_' and '.', beginning with a letter or digit", static text =>
        IsId(text) ? null : "must be made of lower-case letters, digits, '-', '_' and '.', begin with a letter or digit, and have at most 64 characters")
    {
        Pattern = "^[a-z0-9][a-z0-9._-]{0,63}$",
    };

    /// <summary>A name clients ask for.</summary>
    public static readonly TextRule RouteName = new("the name that clients ask for as \"model\"", static text => NameFault(text))
    {
        Pattern = "^\\S{1,200}$",
    };

    /// <summary><c>provider/model</c>.</summary>
    public static readonly TextRule Address = new("a \"provider/model\" address such as \"openai/gpt-4o\"", static text =>
        NameFault(text) ?? (IsAddress(text) ? null : "must be a \"provider/model\" address such as \"openai/gpt-4o\""))
    {
        Pattern = "^[a-z0-9][a-z0-9._-]{0,63}/\\S+$",
    };

    /// <summary>Where a target is.</summary>
    public static readonly TextRule Target = new(Address.Expected, static text =>
        Address.Fault(text) is not { } fault ? null : text.Contains('/', StringComparison.Ordinal) ? fault : fault + "; a route leads to targets, not to other routes")
    {
        Pattern = Address.Pattern,
    };

    /// <summary>A glob over model names.</summary>
    public static readonly TextRule ModelGlob = new("a route, a \"provider/model\" address or a glob over them (* and ?)", static text => NameFault(text))
    {
        Pattern = "^\\S{1,200}$",
    };

    /// <summary>A glob over the model ids of one provider.</summary>
    public static readonly TextRule ProviderModelGlob = new("a model id of the provider or a glob over them (* and ?)", static text => NameFault(text))
    {
        Pattern = "^\\S{1,200}$",
    };

    /// <summary>An AWS region. It becomes part of host names.</summary>
    public static readonly TextRule Region = new("an AWS region such as \"us-east-1\"", static text =>
        IsRegion(text) ? null : "must be an AWS region such as \"us-east-1\"")
    {
        Pattern = "^[a-z][a-z0-9-]{0,31}$",
    };

    /// <summary>A region of any cloud. It becomes part of host names.</summary>
    public static readonly TextRule CloudRegion = new("a region such as \"us-east-1\" or \"europe-west1\"", static text =>
        IsRegion(text) ? null : "must be a region such as \"us-east-1\" or \"europe-west1\"")
    {
        Pattern = Region.Pattern,
    };

    /// <summary>The name of an AWS role.</summary>
    public static readonly TextRule RoleArn = new("the ARN of a role such as \"arn:aws:iam::123456789012:role/gateway\"", static text =>
        text.StartsWith("arn:", StringComparison.Ordinal) && text.Contains(":role/", StringComparison.Ordinal) && !text.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? null
            : "must be the ARN of a role such as \"arn:aws:iam::123456789012:role/gateway\"")
    {
        Pattern = "^arn:[!-~]+:role/[!-~]+$",
    };

    /// <summary>Where a provider answers.</summary>
    public static readonly TextRule BaseUrl = new("an absolute http:// or https:// URL", static text => EndpointAddress.Parse(text, out _))
    {
        Pattern = "^https?://",
    };

    /// <summary>Where the gateway listens.</summary>
    public static readonly TextRule ListenUrl = new("an http:// URL without a path, such as \"http://0.0.0.0:8080\"", static text => ListenFault(text))
    {
        Pattern = "^http://",
    };

    /// <summary>Where a gRPC server answers.</summary>
    public static readonly TextRule GrpcUrl = new("an http:// or https:// URL without a path, such as \"http://localhost:6334\"", static text =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) && url.PathAndQuery == "/" && url.UserInfo.Length == 0 && url.Fragment.Length == 0
            ? null
            : "must be an http:// or https:// URL without a path, such as \"http://localhost:6334\"")
    {
        Pattern = "^https?://",
    };

    /// <summary>A path under a base URL.</summary>
    public static readonly TextRule UrlPath = new("a path such as \"/v1/chat/completions\"", static text => ProviderEndpoint.Fault(text))
    {
        Pattern = "^/[^ #]+$",
    };

    /// <summary>A reference to a secret.</summary>
    public static readonly TextRule SecretReference = new(Secrets.SecretReference.Forms, static text =>
        Secrets.SecretReference.Parse(text) is not null
            ? null
            : $"must not hold a secret itself; keep the secret outside this file and write {Secrets.SecretReference.Forms}")
    {
        Pattern = "^(env|file|secret):.+$",
    };

    /// <summary>A hashed virtual key.</summary>
    public static readonly TextRule KeyHash = new("\"hmac-sha256:\" and 64 hexadecimal digits", static text =>
        ParseKeyHash(text) is not null
            ? null
            : "must be \"hmac-sha256:\" and 64 hexadecimal digits; to give the key itself, use value with " + Secrets.SecretReference.Forms)
    {
        Pattern = "^hmac-sha256:[0-9A-Fa-f]{64}$",
    };

    /// <summary>A header's name.</summary>
    public static readonly TextRule HeaderName = new("an HTTP header name", static text => HeaderFault(text))
    {
        Pattern = "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$",
    };

    /// <summary>A header of requests that the gateway reads.</summary>
    public static readonly TextRule RequestHeader = new("an HTTP header name", static text =>
        text.Length is 0 or > 128 || text.AsSpan().ContainsAnyExcept(HeaderCharacters) ? "is not an HTTP header name"
        : text.ToUpperInvariant() is "AUTHORIZATION" or "API-KEY" or "X-API-KEY" or "X-GOOG-API-KEY" ? "carries the key; write \"key\" instead"
        : null)
    {
        Pattern = HeaderName.Pattern,
    };

    /// <summary>A header's value.</summary>
    public static readonly TextRule HeaderValue = new($"a header value of printable ASCII, or {Secrets.SecretReference.Forms}", static text =>
        text.Length > 0 && text.AsSpan().Trim().Length == text.Length && !text.AsSpan().ContainsAnyExceptInRange(' ', '~')
            ? null
            : "must be a header value: printable ASCII, not empty, without spaces around it");

    /// <summary>The 32 bytes of a written hash, or null.</summary>
    public static byte[]? ParseKeyHash(string text)
    {
        const string prefix = "hmac-sha256:";
        if (text.Length != prefix.Length + 64 || !text.StartsWith(prefix, StringComparison.Ordinal)) return null;
        foreach (var c in text.AsSpan(prefix.Length))
        {
            if (!char.IsAsciiHexDigit(c)) return null;
        }

        return Convert.FromHexString(text.AsSpan(prefix.Length));
    }

    private static bool IsId(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > 64 || !(char.IsAsciiLetterLower(text[0]) || char.IsAsciiDigit(text[0]))) return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('-' or '_' or '.')) return false;
        }

        return true;
    }

    private static bool IsRegion(string text) =>
        text.Length is > 0 and <= 32 && char.IsAsciiLetterLower(text[0]) && !text.AsSpan().ContainsAnyExcept(RegionCharacters);

    private static bool IsAddress(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && slash < text.Length - 1 && IsId(text.AsSpan(0, slash));
    }

    private static string? NameFault(string text)
    {
        if (text.Length is 0 or > LongestName) return $"must have 1 to {LongestName} characters";
        foreach (var c in text)
        {
            if (char.IsWhiteSpace(c) || char.IsControl(c) || char.IsSurrogate(c)) return "must have no spaces, control characters or emoji";
        }

        return null;
    }

    private static string? ListenFault(string text)
    {
        // Kestrel listens on every address for these two hosts, which no URI parser knows.
        var plain = text.Replace("://*", "://localhost", StringComparison.Ordinal).Replace("://+", "://localhost", StringComparison.Ordinal);
        if (EndpointAddress.Parse(plain, out var uri) is { } fault) return fault;
        if (uri!.Scheme != Uri.UriSchemeHttp) return "must be http://; the gateway has no certificates, so let what stands in front of it end TLS";
        return uri.AbsolutePath == "/" ? null : "must not have a path; write only scheme, host and port";
    }

    private static string? HeaderFault(string text)
    {
        if (text.Length == 0 || text.AsSpan().ContainsAnyExcept(HeaderCharacters)) return "is not an HTTP header name";
        if (text.ToUpperInvariant() is "AUTHORIZATION" or "API-KEY" or "X-API-KEY" or "X-GOOG-API-KEY")
            return "carries the credential; write it as apiKey instead";
        return text.ToUpperInvariant() is "HOST" or "CONTENT-LENGTH" or "CONTENT-TYPE" or "TRANSFER-ENCODING" or "CONNECTION" or "ACCEPT-ENCODING"
            ? "is set by the gateway itself; remove it"
            : null;
    }
}
