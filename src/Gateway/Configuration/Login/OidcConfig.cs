using Gateway.Secrets;

namespace Gateway.Configuration.Login;

/// <summary>The OpenID provider at which people log in, and what the gateway is to it.</summary>
internal sealed record OidcConfig
{
    /// <summary>Where the gateway takes up the code, unless the configuration says otherwise.</summary>
    public const string DefaultRedirectPath = "/admin/login/callback";

    /// <summary>What it asks for, unless the configuration says otherwise.</summary>
    public static readonly IReadOnlyList<string> DefaultScopes = ["openid", "profile", "email"];

    /// <summary>The provider's issuer.</summary>
    public string Authority { get; init; } = "";

    /// <summary>The gateway's id there.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>Where the gateway's secret is kept; null: it is a public client, and PKCE alone protects the code.</summary>
    public SecretReference? ClientSecret { get; init; }

    /// <summary>What it asks for.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = DefaultScopes;

    /// <summary>Where it takes up the code.</summary>
    public string RedirectPath { get; init; } = DefaultRedirectPath;

    /// <summary>Where browsers reach the gateway, without a path; null: as each request says.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>Whether another one needs a restart to be taken up.</summary>
    public bool Differs(OidcConfig other) => !Scopes.SequenceEqual(other.Scopes) || this with { Scopes = other.Scopes } != other;
}
