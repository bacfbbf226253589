using Gateway.Providers.Credentials.Entra;
using Gateway.Secrets;

namespace Gateway.Configuration;

/// <summary>Credentials of Microsoft Entra ID as declared. Null members are those not written.</summary>
internal sealed record EntraCredentialConfig
{
    /// <summary>Where tokens come from; null: as the other settings and the environment suggest.</summary>
    public EntraSource? Source { get; init; }

    /// <summary>The tenant.</summary>
    public string? TenantId { get; init; }

    /// <summary>The application, or the user-assigned identity.</summary>
    public string? ClientId { get; init; }

    /// <summary>Where the application's secret is kept.</summary>
    public SecretReference? ClientSecret { get; init; }

    /// <summary>What tokens are for.</summary>
    public string? Scope { get; init; }
}
