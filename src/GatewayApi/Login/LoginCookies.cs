using Gateway.Configuration.Login;

namespace GatewayApi.Login;

/// <summary>Names and safety of the cookies. Over TLS they have the prefix that browsers take only from this very host, and only for all of it.</summary>
internal sealed class LoginCookies(OidcConfig oidc)
{
    private const string Name = "gateway-session";

    /// <summary>Whether browsers are known to come through TLS.</summary>
    public bool AreSecure { get; } = oidc.PublicUrl?.StartsWith("https://", StringComparison.Ordinal) == true;

    /// <summary>The session's cookie.</summary>
    public string Session => AreSecure ? "__Host-" + Name : Name;

    /// <summary>When browsers send them.</summary>
    public CookieSecurePolicy Policy => AreSecure ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
}
