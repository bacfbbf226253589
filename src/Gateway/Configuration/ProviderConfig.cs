using Gateway.Protocol;
using Gateway.Secrets;

namespace Gateway.Configuration;

/// <summary>One provider as declared. Null members are those not written.</summary>
/// <param name="Id">Its id.</param>
internal sealed record ProviderConfig(string Id)
{
    /// <summary>Profile id; null: the provider's own id.</summary>
    public string? Type { get; init; }

    /// <summary>Base address.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>Where the credential is kept.</summary>
    public SecretReference? ApiKey { get; init; }

    /// <summary>Several keys instead of one.</summary>
    public IReadOnlyList<ProviderKeyConfig>? Keys { get; init; }

    /// <summary>What proves the gateway instead of a key.</summary>
    public CredentialConfig? Credential { get; init; }

    /// <summary>False keeps the provider out.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Where its credentials are kept.</summary>
    public IEnumerable<SecretReference?> SecretReferences =>
    [
        ApiKey,
        .. (Keys ?? []).Select(k => k.Key),
        Credential?.Aws?.AccessKeyId,
        Credential?.Aws?.SecretAccessKey,
        Credential?.Aws?.SessionToken,
        Credential?.Google?.CredentialsJson,
        Credential?.Entra?.ClientSecret,
        Credential?.Google?.CredentialsFile is { } file ? new SecretReference(true, file) : null,
    ];

    /// <summary>Headers sent on every call; a value may be a secret reference.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Limits on waiting.</summary>
    public TimeoutsConfig Timeouts { get; init; } = new();

    /// <summary>Where it processes and keeps data, in the words of data policies.</summary>
    public string? Residency { get; init; }

    /// <summary>How long it keeps data, likewise.</summary>
    public string? Retention { get; init; }

    /// <summary>Calls of it in flight at once.</summary>
    public int? MaxConcurrency { get; init; }

    /// <summary>Whether <c>stream_options.include_usage</c> is understood.</summary>
    public bool? SupportsStreamUsage { get; init; }

    /// <summary>Paths that differ from the profile's; null: the provider has no such operation.</summary>
    public IReadOnlyDictionary<Operation, string?> Paths { get; init; } = new Dictionary<Operation, string?>();
}
