namespace Gateway.Providers.Credentials.Aws;

/// <summary>Somewhere AWS credentials come from.</summary>
internal interface IAwsCredentialSource
{
    /// <summary>Asks for credentials.</summary>
    /// <exception cref="CredentialException">There are none.</exception>
    Task<AwsCredentials> FetchAsync(CancellationToken cancellation);
}
