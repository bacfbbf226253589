namespace Gateway.Configuration;

/// <summary>What proves the gateway to a provider instead of a key: exactly one of these.</summary>
internal sealed record CredentialConfig
{
    /// <summary>AWS Signature Version 4.</summary>
    public AwsCredentialConfig? Aws { get; init; }

    /// <summary>Google Cloud.</summary>
    public GoogleCredentialConfig? Google { get; init; }

    /// <summary>Microsoft Entra ID.</summary>
    public EntraCredentialConfig? Entra { get; init; }
}
