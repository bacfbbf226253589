using Gateway.Secrets;

namespace Gateway.Configuration;

/// <summary>AWS credentials as declared. Null members are those not written.</summary>
internal sealed record AwsCredentialConfig
{
    /// <summary>Where credentials come from: <c>static</c>, <c>environment</c>, <c>webIdentity</c>, <c>container</c> or <c>instance</c>; null: the first there is.</summary>
    public string? Source { get; init; }

    /// <summary>The region.</summary>
    public string? Region { get; init; }

    /// <summary>Where the key's public half is kept.</summary>
    public SecretReference? AccessKeyId { get; init; }

    /// <summary>Where the key's secret half is kept.</summary>
    public SecretReference? SecretAccessKey { get; init; }

    /// <summary>Where a temporary key's session token is kept.</summary>
    public SecretReference? SessionToken { get; init; }

    /// <summary>A role to take on.</summary>
    public string? RoleArn { get; init; }
}
