using System.Collections.Frozen;
using Gateway.Admission.Roles;
using Gateway.Admission.Tokens;
using Gateway.Configuration;
using Gateway.Configuration.Login;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace GatewayApi.Login;

/// <summary>Checks tokens of the configured issuers. Whatever a token says of where keys are is passed over.</summary>
internal sealed class TokenValidator : ITokenValidator
{
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);
    private const string NotSigned = "is not signed by a key of its issuer";
    private static readonly string[] Types = ["JWT", "at+jwt", "application/at+jwt"];

    /// <summary>Signatures only, and only by keys that come in pairs: what verifies a token cannot make one.</summary>
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = TokenHash.MaxTokenLength };
    private readonly FrozenDictionary<string, Issuer> _issuers;
    private readonly SnapshotHolder _snapshots;
    private readonly TimeProvider _time;

    /// <summary>Fetches nothing yet.</summary>
    /// <param name="issuers">The issuers; those of the same name share their keys.</param>
    /// <param name="snapshots">Has the mappings, which say what claims are looked at.</param>
    /// <param name="documents">What to fetch keys with.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Gets what is wrong with issuers, never a token.</param>
    public TokenValidator(IReadOnlyList<JwtIssuerConfig> issuers, SnapshotHolder snapshots, IssuerDocuments documents, TimeProvider time, ILogger<TokenValidator> logger)
    {
        (_snapshots, _time) = (snapshots, time);
        _issuers = issuers.GroupBy(i => i.Issuer).ToFrozenDictionary(
            g => g.Key, g => new Issuer(new IssuerKeys(g.First(), documents, time, logger), [.. g.Select(i => i.Audience)]), StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public async ValueTask<TokenVerdict> ValidateAsync(string token, CancellationToken cancellation)
    {
        if (Read(token) is not { } jwt)
            return TokenVerdict.Refused("is not valid");
        if (!_issuers.TryGetValue(jwt.Issuer, out var issuer))
            return TokenVerdict.Refused("is of an issuer that is not accepted here");
        if (!Algorithms.Contains(jwt.Alg, StringComparer.Ordinal))
            return TokenVerdict.Refused("is not signed in a way that is accepted here");
        if (await issuer.Keys.FindAsync(string.IsNullOrEmpty(jwt.Kid) ? null : jwt.Kid, cancellation) is not { } keys)
            return TokenVerdict.Refused("cannot be checked: its issuer's keys are not known now");
        if (keys.Count == 0)
            return TokenVerdict.Refused(NotSigned);
        var result = await _handler.ValidateTokenAsync(jwt, Parameters(jwt.Issuer, issuer.Audiences, keys));
        if (!result.IsValid)
            return TokenVerdict.Refused(Fault(result.Exception));
        // A header that must be understood, and is not.
        if (string.IsNullOrEmpty(jwt.Subject) || jwt.TryGetHeaderValue<object>("crit", out _))
            return TokenVerdict.Refused("is not valid");
        return new TokenVerdict(Identity(jwt), new DateTimeOffset(jwt.ValidTo, TimeSpan.Zero), null);
    }

    private JsonWebToken? Read(string token)
    {
        try
        {
            return TokenText.Is(token) ? _handler.ReadJsonWebToken(token) : null;
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException)
        {
            return null;
        }
    }

    private TokenValidationParameters Parameters(string issuer, string[] audiences, IReadOnlyList<SecurityKey> keys) => new()
    {
        ValidIssuer = issuer,
        ValidAudiences = audiences,
        ValidAlgorithms = Algorithms,
        IssuerSigningKeys = keys,
        RequireSignedTokens = true,
        RequireExpirationTime = true,
        LifetimeValidator = HasItsTime,
        // Logout tokens and the like are signed by the same keys.
        TypeValidator = static (type, _, _) => string.IsNullOrEmpty(type) || Types.Contains(type, StringComparer.OrdinalIgnoreCase) ? type : throw new SecurityTokenInvalidTypeException("Not a type of token that says who calls."),
    };

    private bool HasItsTime(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        if (now >= expires + Skew)
            throw new SecurityTokenExpiredException("Expired.");
        return expires is not null && !(notBefore > now + Skew);
    }

    private ClaimedIdentity Identity(JsonWebToken jwt)
    {
        var claims = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var name in _snapshots.Current.Login?.Config.ClaimNames ?? new HashSet<string>())
            claims[name] = [.. jwt.Claims.Where(c => c.Type == name).Select(c => c.Value)];
        return new ClaimedIdentity(jwt.Issuer, jwt.Subject)
        {
            Name = Text(jwt, "name") ?? Text(jwt, "preferred_username"),
            Email = string.Equals(Text(jwt, "email_verified"), "true", StringComparison.OrdinalIgnoreCase) ? Text(jwt, "email") : null,
            Claims = claims,
        };
    }

    private static string? Text(JsonWebToken jwt, string claim) => jwt.TryGetClaim(claim, out var found) ? found.Value : null;

    private static string Fault(Exception? exception) => exception switch
    {
        SecurityTokenExpiredException => "has expired",
        SecurityTokenInvalidLifetimeException or SecurityTokenNoExpirationException => "is not valid at this time",
        SecurityTokenInvalidAudienceException => "is for another audience",
        SecurityTokenInvalidSignatureException or SecurityTokenInvalidSigningKeyException => NotSigned,
        _ => "is not valid",
    };

    private sealed record Issuer(IssuerKeys Keys, string[] Audiences);
}
