namespace Gateway.Providers.Credentials.Aws;

/// <summary>Exchanges a token that a platform keeps in a file (IRSA, OIDC) for credentials of a role, at STS.</summary>
/// <param name="origin">Whom errors name.</param>
/// <param name="sts">STS's address.</param>
/// <param name="tokenFile">The file; it is rotated, so it is read each time.</param>
/// <param name="role">The role's ARN.</param>
/// <param name="session">The session's name in AWS's audit log.</param>
internal sealed class WebIdentitySource(CredentialOrigin origin, Uri sts, string tokenFile, string role, string session) : IAwsCredentialSource
{
    /// <summary>Names the file.</summary>
    public const string FileVariable = "AWS_WEB_IDENTITY_TOKEN_FILE";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public async Task<AwsCredentials> FetchAsync(CancellationToken cancellation)
    {
        var token = await TokenFile.ReadAsync(origin, FileVariable, tokenFile, cancellation).ConfigureAwait(false);
        var reply = await CredentialHttp.SendAsync(
            origin,
            local: CredentialHttp.IsLoopback(sts),
            () => new HttpRequestMessage(HttpMethod.Post, sts)
            {
                Content = new FormUrlEncodedContent(
                [
                    new("Action", "AssumeRoleWithWebIdentity"),
                    new("Version", "2011-06-15"),
                    new("RoleArn", role),
                    new("RoleSessionName", session),
                    new("WebIdentityToken", token.Reveal()),
                ]),
            },
            Limit,
            cancellation).ConfigureAwait(false);
        return StsReply.Read(origin, reply);
    }
}
