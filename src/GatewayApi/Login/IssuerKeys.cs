using System.Text.Json;
using Gateway.Configuration.Login;
using Microsoft.IdentityModel.Tokens;

namespace GatewayApi.Login;

/// <summary>
/// The keys of one issuer: fetched when they are first needed, once an hour, and when a token names a key that is not among them, but not more often than
/// <see cref="LeastAge"/>. Fetched only from the configured issuer, without redirects. While it does not answer, the keys of the last day count.
/// </summary>
internal sealed partial class IssuerKeys(JwtIssuerConfig issuer, IssuerDocuments documents, TimeProvider time, ILogger logger)
{
    /// <summary>Between two fetches, however many unknown keys are named.</summary>
    public static readonly TimeSpan LeastAge = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private volatile KeySet? _keys;
    private DateTimeOffset _triedAt = DateTimeOffset.MinValue;

    private SemaphoreSlim Gate { get; } = new(1, 1);

    /// <summary>The keys that may have signed a token.</summary>
    /// <param name="keyId">The key that it names, or null.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The key, or all where none is named; empty when there is no such key, null when the issuer's keys are not known.</returns>
    public async ValueTask<IReadOnlyList<SecurityKey>?> FindAsync(string? keyId, CancellationToken cancellation)
    {
        var keys = _keys;
        if (keys is null || time.GetUtcNow() - keys.FetchedAt >= Fresh || keys.Find(keyId).Count == 0)
            keys = await RefreshAsync(keyId, cancellation);
        return keys?.Find(keyId);
    }

    private async Task<KeySet?> RefreshAsync(string? keyId, CancellationToken cancellation)
    {
        await Gate.WaitAsync(cancellation);
        try
        {
            var (keys, now) = (_keys, time.GetUtcNow());
            var isGood = keys is not null && now - keys.FetchedAt < Fresh && keys.Find(keyId).Count > 0;
            if (!isGood && now - _triedAt >= LeastAge)
            {
                _triedAt = now;
                _keys = keys = new KeySet(await FetchAsync(), now);
            }

            return Usable(keys, now);
        }
        catch (Exception e) when (e is IOException or JsonException or InvalidDataException or ArgumentException)
        {
            LogNoKeys(issuer.Issuer, e.Message);
            return Usable(_keys, time.GetUtcNow());
        }
        finally
        {
            Gate.Release();
        }
    }

    private static KeySet? Usable(KeySet? keys, DateTimeOffset now) => keys is not null && now - keys.FetchedAt < Longest ? keys : null;

    private async Task<IReadOnlyList<SecurityKey>> FetchAsync()
    {
        var address = issuer.JwksUri is { } configured ? new Uri(configured) : await DiscoverAsync();
        var set = new JsonWebKeySet(await GetAsync(address));
        // A symmetric key that anyone can read proves nothing.
        SecurityKey[] keys = [.. set.GetSigningKeys().Where(k => k is AsymmetricSecurityKey or JsonWebKey { Kty: JsonWebAlgorithmsKeyTypes.RSA or JsonWebAlgorithmsKeyTypes.EllipticCurve })];
        return keys.Length > 0 ? keys : throw new InvalidDataException($"{address} has no key for signatures.");
    }

    private async Task<Uri> DiscoverAsync()
    {
        var home = new Uri(issuer.Issuer);
        var address = new Uri(issuer.Issuer.TrimEnd('/') + "/.well-known/openid-configuration");
        using var document = JsonDocument.Parse(await GetAsync(address));
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || Text(root, "issuer") != issuer.Issuer)
            throw new InvalidDataException($"{address} is not about the issuer {issuer.Issuer}.");
        if (!Uri.TryCreate(Text(root, "jwks_uri"), UriKind.Absolute, out var keys) || keys.GetLeftPart(UriPartial.Authority) != home.GetLeftPart(UriPartial.Authority))
            throw new InvalidDataException($"{address} keeps its keys on another host; if that is right, write the address as jwksUri.");
        return keys;
    }

    // Not given up when the caller goes away: others wait for the same.
    private Task<string> GetAsync(Uri address) => documents.GetDocumentAsync(address.AbsoluteUri, CancellationToken.None);

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The keys of the issuer {Issuer} could not be fetched: {Reason}")]
    private partial void LogNoKeys(string issuer, string reason);

    private sealed record KeySet(IReadOnlyList<SecurityKey> Keys, DateTimeOffset FetchedAt)
    {
        public IReadOnlyList<SecurityKey> Find(string? keyId) => keyId is null ? Keys : [.. Keys.Where(k => k.KeyId == keyId)];
    }
}
