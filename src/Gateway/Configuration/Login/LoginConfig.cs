using Gateway.Admission.Roles;

namespace Gateway.Configuration.Login;

/// <summary>Who may log in, by whose word, and what they are here. Mappings compile to themselves.</summary>
internal sealed record LoginConfig
{
    /// <summary>Where people log in; null: nowhere.</summary>
    public OidcConfig? Oidc { get; init; }

    /// <summary>Issuers whose tokens are accepted.</summary>
    public IReadOnlyList<JwtIssuerConfig> Jwt { get; init; } = [];

    /// <summary>Roles by claim; null: nobody has one.</summary>
    public RoleClaims? Roles { get; init; }

    /// <summary>Teams by claim; null: those of users' entries.</summary>
    public TeamClaims? Teams { get; init; }

    /// <summary>How callers of models are told by their token; null: not at all.</summary>
    public TeamClaims? DataPlane { get; init; }

    /// <summary>What claims amount to in the admin API.</summary>
    public ClaimMapping Mapping => field ??= new ClaimMapping(Roles, Teams);

    /// <summary>The claims that any mapping looks at.</summary>
    public IReadOnlySet<string> ClaimNames => new[] { Roles?.Claim, Teams?.Claim, DataPlane?.Claim }.OfType<string>().ToHashSet(StringComparer.Ordinal);
}
