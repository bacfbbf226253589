using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace GatewayApi.Login;

/// <summary>
/// What the login provider says of itself, its keys included: fetched when first needed, once an hour, and when a login is signed with a key that is not known,
/// before that login is judged. While the provider does not answer, what it said before counts.
/// </summary>
internal sealed class ProviderMetadata(string authority, IssuerDocuments documents, TimeProvider time) : BaseConfigurationManager, IConfigurationManager<OpenIdConnectConfiguration>
{
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    private volatile OpenIdConnectConfiguration? _current;
    private volatile bool _isDoubted;
    private DateTimeOffset _triedAt = DateTimeOffset.MinValue;
    private DateTimeOffset _fetchedAt = DateTimeOffset.MinValue;

    private SemaphoreSlim Gate { get; } = new(1, 1);

    /// <summary>Has it fetched again before it is asked the next time, if that has not just been done.</summary>
    public override void RequestRefresh() => _isDoubted = true;

    /// <inheritdoc/>
    public override async Task<BaseConfiguration> GetBaseConfigurationAsync(CancellationToken cancel) => await GetConfigurationAsync(cancel);

    /// <summary>What is known.</summary>
    /// <exception cref="IOException">Nothing is known, and the provider does not say.</exception>
    public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel)
    {
        await Gate.WaitAsync(cancel);
        try
        {
            var now = time.GetUtcNow();
            var isDue = _current is null || now - _fetchedAt >= Fresh || _isDoubted;
            // Without anything known each login asks: nobody else could tell the person why not.
            if (!isDue || (_current is not null && now - _triedAt < IssuerKeys.LeastAge))
                return _current!;
            _triedAt = now;
            var next = await FetchAsync(cancel);
            (_current, _fetchedAt, _isDoubted) = (next, now, false);
            return next;
        }
        catch (IOException) when (_current is { } known)
        {
            return known;
        }
        finally
        {
            Gate.Release();
        }
    }

    private async Task<OpenIdConnectConfiguration> FetchAsync(CancellationToken cancel)
    {
        var address = authority.TrimEnd('/') + "/.well-known/openid-configuration";
        OpenIdConnectConfiguration found;
        try
        {
            found = await OpenIdConnectConfigurationRetriever.GetAsync(address, documents, cancel);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.Text.Json.JsonException)
        {
            throw new IOException($"{address} is no description of a login provider.", e);
        }

        return found.Issuer?.TrimEnd('/') == authority.TrimEnd('/') ? found : throw new IOException($"{address} is about another issuer than {authority}; write that issuer as authority.");
    }
}
