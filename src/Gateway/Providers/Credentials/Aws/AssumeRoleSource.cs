namespace Gateway.Providers.Credentials.Aws;

/// <summary>Exchanges credentials for those of a role, at STS.</summary>
/// <param name="origin">Whom errors name.</param>
/// <param name="sts">STS's address.</param>
/// <param name="region">STS's region.</param>
/// <param name="caller">Whose credentials ask.</param>
/// <param name="role">The role's ARN.</param>
/// <param name="session">The session's name in AWS's audit log.</param>
/// <param name="services">The clock.</param>
internal sealed class AssumeRoleSource(
    CredentialOrigin origin, Uri sts, string region, IAwsCredentialSource caller, string role, string session, CredentialServices services) : IAwsCredentialSource
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly SigV4Signer _signer = new(region, "sts");

    public async Task<AwsCredentials> FetchAsync(CancellationToken cancellation)
    {
        var own = await caller.FetchAsync(cancellation).ConfigureAwait(false);
        var query = $"Action=AssumeRole&RoleArn={Uri.EscapeDataString(role)}&RoleSessionName={Uri.EscapeDataString(session)}&Version=2011-06-15";
        var address = new UriBuilder(sts) { Query = query }.Uri;
        var signed = new SignedRequest(_signer, services.Time);
        var reply = await CredentialHttp.SendAsync(
            origin,
            local: CredentialHttp.IsLoopback(sts),
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Get, address);
                signed.Apply(request, own, SignedRequest.EmptyHash);
                return request;
            },
            Limit,
            cancellation).ConfigureAwait(false);
        return StsReply.Read(origin, reply);
    }
}
