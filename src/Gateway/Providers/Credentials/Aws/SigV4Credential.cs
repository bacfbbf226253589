using Gateway.Transport;

namespace Gateway.Providers.Credentials.Aws;

/// <summary>Signs requests with AWS Signature Version 4.</summary>
internal sealed class SigV4Credential : IProviderCredential
{
    private readonly RefreshingCache<AwsCredentials> _credentials;
    private readonly SignedRequest _signed;
    private readonly string _service;
    private readonly TimeProvider _time;

    /// <summary>Makes one.</summary>
    /// <param name="origin">Whom errors name.</param>
    /// <param name="source">Where the credentials come from.</param>
    /// <param name="region">The region, e.g. <c>us-east-1</c>.</param>
    /// <param name="service">The service's signing name, e.g. <c>bedrock</c>.</param>
    /// <param name="services">The clock and the log.</param>
    /// <param name="policy">When to fetch again; the defaults when null.</param>
    public SigV4Credential(
        CredentialOrigin origin, IAwsCredentialSource source, string region, string service, CredentialServices services, RefreshPolicy? policy = null)
    {
        (Origin, Region, _service, _time) = (origin, region, service, services.Time);
        _signed = new SignedRequest(new SigV4Signer(region, service), _time);
        _credentials = new RefreshingCache<AwsCredentials>(
            origin,
            async cancellation =>
            {
                var fetched = await source.FetchAsync(cancellation).ConfigureAwait(false);
                return new Temporary<AwsCredentials>(fetched, fetched.Expires);
            },
            services,
            policy);
    }

    private SigV4Credential(SigV4Credential other, string region)
    {
        (Origin, Region, _service, _time, _credentials) = (other.Origin, region, other._service, other._time, other._credentials);
        _signed = new SignedRequest(new SigV4Signer(region, _service), _time);
    }

    /// <summary>Whose they are and where they come from.</summary>
    public CredentialOrigin Origin { get; }

    /// <summary>The region.</summary>
    public string Region { get; }

    /// <summary>The same credentials for requests to another region; they are fetched once for both.</summary>
    public SigV4Credential In(string region) => new(this, region);

    public async ValueTask ApplyAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var credentials = await _credentials.GetAsync(cancellation).ConfigureAwait(false);
        var hash = request.Content is { } content
            ? Convert.ToHexStringLower(await HashStream.HashAsync(content, cancellation).ConfigureAwait(false))
            : SignedRequest.EmptyHash;
        _signed.Apply(request, credentials, hash);
    }

    public void Refused() => _credentials.Refused();

    public string Mask(string text)
    {
        if (_credentials.Last is not { } last)
            return text;
        text = SecretMask.Apply(text, last.AccessKeyId);
        text = SecretMask.Apply(text, last.SecretAccessKey.Reveal());
        return last.SessionToken is { } token ? SecretMask.Apply(text, token.Reveal()) : text;
    }
}
