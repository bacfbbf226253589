using Azure.Core;

namespace Gateway.Providers.Credentials.Entra;

/// <summary>An access token of Microsoft Entra ID as a bearer.</summary>
internal sealed class EntraCredential : IProviderCredential
{
    /// <summary>The scope of Azure OpenAI.</summary>
    public const string DefaultScope = "https://cognitiveservices.azure.com/.default";

    // Sooner than the library itself would renew it, it would only hand out the same token again.
    private static readonly RefreshPolicy Policy = new()
    {
        Lead = TimeSpan.FromMinutes(3),
        FetchLimit = TimeSpan.FromSeconds(20),
    };

    private readonly RefreshingCache<string> _tokens;

    /// <summary>Makes one.</summary>
    /// <param name="origin">Whom errors name.</param>
    /// <param name="source">Where tokens come from.</param>
    /// <param name="scope">What they are for.</param>
    /// <param name="services">The clock and the log.</param>
    public EntraCredential(CredentialOrigin origin, TokenCredential source, string scope, CredentialServices services)
    {
        Origin = origin;
        var context = new TokenRequestContext([scope]);
        _tokens = new RefreshingCache<string>(
            origin,
            async cancellation =>
            {
                var token = await source.GetTokenAsync(context, cancellation).ConfigureAwait(false);
                return new Temporary<string>(token.Token, token.ExpiresOn);
            },
            services,
            Policy);
    }

    /// <summary>Whose it is and where it comes from.</summary>
    public CredentialOrigin Origin { get; }

    public async ValueTask ApplyAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var token = await _tokens.GetAsync(cancellation).ConfigureAwait(false);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
    }

    public void Refused() => _tokens.Refused();

    public string Mask(string text) => SecretMask.Apply(text, _tokens.Last);
}
