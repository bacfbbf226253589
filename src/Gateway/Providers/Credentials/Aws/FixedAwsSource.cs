namespace Gateway.Providers.Credentials.Aws;

/// <summary>Credentials that are known from the start: from configuration or environment variables.</summary>
internal sealed class FixedAwsSource(AwsCredentials credentials) : IAwsCredentialSource
{
    public Task<AwsCredentials> FetchAsync(CancellationToken cancellation) => Task.FromResult(credentials);
}
