using System.Security.Cryptography;
using Gateway.Configuration;
using Gateway.Configuration.Login;
using Gateway.Tests.Configuration;
using Gateway.Transport;
using GatewayApi.Login;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Login;

public sealed class TokenValidatorTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.Parse("2026-05-01T12:00:00Z", System.Globalization.CultureInfo.InvariantCulture));
    private UpstreamClients Clients { get; } = new();
    private TokenIssuer _issuer = null!;
    private TokenValidator _validator = null!;

    public async Task InitializeAsync()
    {
        _issuer = await TokenIssuer.StartAsync(_time);
        _validator = Validator();
    }

    public async Task DisposeAsync()
    {
        Clients.Dispose();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task Validate_GoodToken_SaysWhoItIs()
    {
        var verdict = await _validator.ValidateAsync(_issuer.Token(c => (c["email"], c["email_verified"], c["other"]) = ("ann@example.com", true, "x")), default);
        Assert.Null(verdict.Fault);
        Assert.Equal($"{_issuer.Name}#ann", verdict.Who!.Id);
        Assert.Equal("ann@example.com", verdict.Who.Email);
        Assert.Equal(["team-search"], verdict.Who.Values("groups"));
        Assert.Empty(verdict.Who.Values("other"));
        Assert.Equal(_time.GetUtcNow().AddMinutes(10), verdict.Expires);
    }

    [Fact]
    public async Task Validate_EmailThatNobodyVouchesFor_IsNotTaken() =>
        Assert.Null((await _validator.ValidateAsync(_issuer.Token(c => c["email"] = "ann@example.com"), default)).Who!.Email);

    [Theory]
    [InlineData("aud", "urn:another", "is for another audience")]
    [InlineData("aud", null, "is for another audience")]
    [InlineData("iss", "https://another.example", "is of an issuer that is not accepted here")]
    [InlineData("iss", null, "is of an issuer that is not accepted here")]
    [InlineData("exp", 1_000_000_000, "has expired")]
    [InlineData("exp", null, "is not valid at this time")]
    [InlineData("nbf", 4_000_000_000, "is not valid at this time")]
    [InlineData("sub", null, "is not valid")]
    public async Task Validate_WrongClaim_IsRefused(string claim, object? value, string fault) => await AssertRefusedAsync(_issuer.Token(c => c[claim] = value), fault);

    [Theory]
    [InlineData("alg", "none")]
    [InlineData("alg", "HS256")]
    [InlineData("alg", "RSA-OAEP")]
    [InlineData("alg", null)]
    public async Task Validate_AlgorithmThatIsNotAccepted_IsRefused(string name, string? value) =>
        await AssertRefusedAsync(_issuer.Token(header: h => h[name] = value), "is not signed in a way that is accepted here");

    [Fact]
    public async Task Validate_NoSignature_IsRefused()
    {
        await AssertRefusedAsync(_issuer.Token(header: h => (h["alg"], h["kid"]) = ("none", null), sign: _ => []), "is not signed in a way that is accepted here");
        await AssertRefusedAsync(_issuer.Token(sign: _ => []), "is not signed by a key of its issuer");
    }

    [Fact]
    public async Task Validate_PublicKeyTakenForASecret_IsRefused()
    {
        var token = _issuer.Token(header: h => h["alg"] = "HS256", sign: bytes => HMACSHA256.HashData(_issuer.PublicKey, bytes));
        await AssertRefusedAsync(token, "is not signed in a way that is accepted here");
        // Nor does a symmetric key that the issuer publishes.
        await AssertRefusedAsync(_issuer.Token(header: h => (h["alg"], h["kid"]) = ("HS256", "shared"), sign: bytes => HMACSHA256.HashData("secretsecretsecretsecretsecret"u8, bytes)), "is not signed in a way that is accepted here");
    }

    [Theory]
    [InlineData("typ", "logout+jwt")]
    [InlineData("crit", new[] { "b64" })]
    public async Task Validate_HeaderThatMeansSomethingElse_IsRefused(string name, object value) => await AssertRefusedAsync(_issuer.Token(header: h => h[name] = value), "is not valid");

    [Fact]
    public async Task Validate_HeadersThatSayWhereKeysAre_AreNotFollowed()
    {
        using var forger = RSA.Create(2048);
        var token = _issuer.Token(
            header: h => (h["jku"], h["x5u"]) = (_issuer.Name + "/forged", _issuer.Name + "/forged"),
            sign: bytes => forger.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        await AssertRefusedAsync(token, "is not signed by a key of its issuer");
        Assert.DoesNotContain("/forged", _issuer.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("eyJ")]
    [InlineData("eyJ..")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.eyJ9.AA")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.e30.AA")]
    public async Task Validate_NoToken_IsRefused(string text) => Assert.Null((await _validator.ValidateAsync(text, default)).Who);

    [Fact]
    public async Task Validate_EditedToken_IsRefused()
    {
        var token = _issuer.Token();
        var parts = token.Split('.');
        await AssertRefusedAsync($"{parts[0]}.{_issuer.Token(c => c["sub"] = "root").Split('.')[1]}.{parts[2]}", "is not signed by a key of its issuer");
    }

    [Fact]
    public async Task Validate_UnknownKeys_FetchesOnceInAWhile()
    {
        await AssertAcceptedAsync(_issuer.Token());
        var fetched = _issuer.Requests.Count();
        for (var i = 0; i < 3; i++)
            await AssertRefusedAsync(_issuer.Token(header: h => h["kid"] = "unknown"), "is not signed by a key of its issuer");
        Assert.Equal(fetched, _issuer.Requests.Count());

        var old = _issuer.Token();
        _issuer.Rotate();
        _time.Advance(IssuerKeys.LeastAge);
        await AssertAcceptedAsync(_issuer.Token());
        Assert.Equal(fetched + 2, _issuer.Requests.Count());
        await AssertRefusedAsync(old, "is not signed by a key of its issuer");
    }

    [Fact]
    public async Task Validate_IssuerAway_GoesOnWithTheKeysOfADay()
    {
        await AssertAcceptedAsync(_issuer.Token());
        _issuer.Status = 503;
        _time.Advance(TimeSpan.FromHours(2));
        await AssertAcceptedAsync(_issuer.Token());
        _time.Advance(TimeSpan.FromHours(23));
        await AssertRefusedAsync(_issuer.Token(), "cannot be checked: its issuer's keys are not known now");
        _issuer.Status = 200;
        _time.Advance(IssuerKeys.LeastAge);
        await AssertAcceptedAsync(_issuer.Token());
    }

    [Fact]
    public async Task Validate_IssuerThatRedirects_IsNotFollowed()
    {
        _issuer.Status = 302;
        await AssertRefusedAsync(_issuer.Token(), "cannot be checked: its issuer's keys are not known now");
        Assert.DoesNotContain("/elsewhere", _issuer.Requests);
    }

    [Fact]
    public async Task Validate_KeysOnAnotherHost_AreTakenOnlyWhereConfigured()
    {
        await using var other = await TokenIssuer.StartAsync(_time);
        _issuer.KeysElsewhere = other.Name + "/jwks";
        await AssertRefusedAsync(_issuer.Token(), "cannot be checked: its issuer's keys are not known now");
        Assert.Empty(other.Requests);

        _validator = Validator(new JwtIssuerConfig(_issuer.Name, TokenIssuer.Audience) { JwksUri = _issuer.Name + "/jwks" });
        await AssertAcceptedAsync(_issuer.Token());
    }

    private TokenValidator Validator(JwtIssuerConfig? issuer = null)
    {
        var snapshot = Configured.Snapshot($$"""
            { "login": { "jwt": [{ "issuer": "{{_issuer.Name}}", "audience": "{{TokenIssuer.Audience}}" }], "roles": { "map": { "team-search": "developer" } } } }
            """);
        return new TokenValidator([issuer ?? new JwtIssuerConfig(_issuer.Name, TokenIssuer.Audience)], new SnapshotHolder(snapshot), new IssuerDocuments(Clients, _time), _time, NullLogger<TokenValidator>.Instance);
    }

    private async Task AssertAcceptedAsync(string token) => Assert.Null((await _validator.ValidateAsync(token, default)).Fault);

    private async Task AssertRefusedAsync(string token, string fault)
    {
        var verdict = await _validator.ValidateAsync(token, default);
        Assert.Null(verdict.Who);
        Assert.Equal(fault, verdict.Fault);
    }
}
