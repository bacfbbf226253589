using Google.Apis.Auth.OAuth2;

namespace Gateway.Providers.Credentials.Google;

/// <summary>
/// An access token for Google Cloud as a bearer. The library keeps the token, renews it ahead of its end and asks for one at a time.
/// </summary>
/// <param name="origin">Whom errors name.</param>
/// <param name="create">Makes the library's credential, scoped; again after a refusal, to be rid of the token it keeps.</param>
/// <param name="services">The clock.</param>
internal sealed class GoogleTokenCredential(CredentialOrigin origin, Func<ITokenAccess> create, CredentialServices services) : IProviderCredential
{
    /// <summary>The scope of every token.</summary>
    public const string Scope = "https://www.googleapis.com/auth/cloud-platform";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LeastAge = new RefreshPolicy().LeastAge;

    private readonly Lock _lock = new();
    private Made? _made;
    private volatile string? _lastToken;

    /// <summary>Whose it is and where it comes from.</summary>
    public CredentialOrigin Origin { get; } = origin;

    public async ValueTask ApplyAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var token = await TokenAsync(cancellation).ConfigureAwait(false);
        _lastToken = token;
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
    }

    public void Refused()
    {
        lock (_lock)
        {
            if (_made is { } made && services.Time.GetUtcNow() - made.At >= LeastAge) _made = null;
        }
    }

    public string Mask(string text) => SecretMask.Apply(text, _lastToken);

    private async ValueTask<string> TokenAsync(CancellationToken cancellation)
    {
        try
        {
            // The library's fetch is common to all who wait, so it gets no one's cancellation.
            return await Current().GetAccessTokenForRequestAsync(authUri: null, CancellationToken.None).WaitAsync(Limit, cancellation).ConfigureAwait(false)
                is { Length: > 0 } token ? token : throw Origin.Failed("gave no token");
        }
        catch (TimeoutException)
        {
            throw Origin.Failed($"gave no token within {Limit.TotalSeconds:0.###} s");
        }
        catch (Exception e) when (e is not (CredentialException or OperationCanceledException { CancellationToken.IsCancellationRequested: true }))
        {
            // Only the type is told: the text may quote what was sent or received.
            throw Origin.Failed($"gave no token ({e.GetType().Name})");
        }
    }

    private ITokenAccess Current()
    {
        lock (_lock) return (_made ??= new Made(create(), services.Time.GetUtcNow())).Credential;
    }

    private sealed record Made(ITokenAccess Credential, DateTimeOffset At);
}
