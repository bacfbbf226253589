using Gateway.Secrets;

namespace Gateway.Configuration;

/// <summary>Google Cloud credentials as declared. Null members are those not written; without any the environment says.</summary>
internal sealed record GoogleCredentialConfig
{
    /// <summary>A file with the JSON that Google hands out.</summary>
    public string? CredentialsFile { get; init; }

    /// <summary>Where that JSON is kept.</summary>
    public SecretReference? CredentialsJson { get; init; }
}
