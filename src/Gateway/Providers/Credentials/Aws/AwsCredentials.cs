using Gateway.Secrets;

namespace Gateway.Providers.Credentials.Aws;

/// <summary>An AWS key pair, lasting or temporary.</summary>
/// <param name="AccessKeyId">The public half.</param>
/// <param name="SecretAccessKey">The secret half.</param>
/// <param name="SessionToken">What goes with temporary ones.</param>
/// <param name="Expires">When temporary ones end; null: never.</param>
internal sealed record AwsCredentials(string AccessKeyId, Secret SecretAccessKey, Secret? SessionToken = null, DateTimeOffset? Expires = null);
