using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Login;

/// <summary>An issuer that signs whatever a test wants, also what no good one would.</summary>
internal sealed class TokenIssuer : IAsyncDisposable
{
    public const string Audience = "urn:gateway";

    private readonly ScriptedUpstream _server;
    private RSA _key = RSA.Create(2048);
    private int _generation = 1;

    private TokenIssuer(ScriptedUpstream server, TimeProvider time) => (_server, Time) = (server, time);

    /// <summary>As tokens have it.</summary>
    public string Name => _server.BaseUri.GetLeftPart(UriPartial.Authority);

    /// <summary>Requests that it got.</summary>
    public IEnumerable<string> Requests => _server.Exchanges.Select(e => e.Target);

    /// <summary>Where its discovery document says that its keys are; null: where they are.</summary>
    public string? KeysElsewhere { get; set; }

    /// <summary>Status of every answer.</summary>
    public int Status { get; set; } = 200;

    /// <summary>What HS256 would be done with by who takes the public key for a secret.</summary>
    public byte[] PublicKey => Encoding.ASCII.GetBytes(_key.ExportSubjectPublicKeyInfoPem());

    private TimeProvider Time { get; }

    public static async Task<TokenIssuer> StartAsync(TimeProvider time)
    {
        TokenIssuer? issuer = null;
        var server = await ScriptedUpstream.StartAsync(Script.Handle(exchange => issuer!.AnswerAsync(exchange)));
        return issuer = new TokenIssuer(server, time);
    }

    /// <summary>Replaces its key.</summary>
    public void Rotate()
    {
        _key.Dispose();
        _key = RSA.Create(2048);
        _generation++;
    }

    /// <summary>A good token, but for what is set otherwise. Members of null are left out.</summary>
    public string Token(Action<Dictionary<string, object?>>? change = null, Action<Dictionary<string, object?>>? header = null, Func<byte[], byte[]>? sign = null)
    {
        var now = Time.GetUtcNow().ToUnixTimeSeconds();
        var claims = new Dictionary<string, object?> { ["iss"] = Name, ["sub"] = "ann", ["aud"] = Audience, ["iat"] = now, ["exp"] = now + 600, ["groups"] = new[] { "team-search" } };
        var head = new Dictionary<string, object?> { ["alg"] = "RS256", ["kid"] = $"k{_generation}", ["typ"] = "JWT" };
        change?.Invoke(claims);
        header?.Invoke(head);
        var text = $"{Part(head)}.{Part(claims)}";
        var bytes = Encoding.ASCII.GetBytes(text);
        return $"{text}.{Convert.ToBase64String(sign?.Invoke(bytes) ?? _key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)).TrimEnd('=').Replace('+', '-').Replace('/', '_')}";
    }

    public async ValueTask DisposeAsync()
    {
        _key.Dispose();
        await _server.DisposeAsync();
    }

    private static string Part(Dictionary<string, object?> members)
    {
        var json = "{" + string.Join(",", members.Where(m => m.Value is not null).Select(m => $"\"{m.Key}\":{Json(m.Value!)}")) + "}";
        return Convert.ToBase64String(Encoding.UTF8.GetBytes(json)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }

    private static string Json(object value) => value switch
    {
        string text => $"\"{JsonEncodedText.Encode(text)}\"",
        bool flag => flag ? "true" : "false",
        string[] texts => "[" + string.Join(",", texts.Select(Json)) + "]",
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!,
    };

    private async Task AnswerAsync(UpstreamExchange exchange)
    {
        exchange.Context.Response.StatusCode = Status;
        exchange.Context.Response.ContentType = "application/json";
        if (Status == 302)
            exchange.Context.Response.Headers.Location = "/elsewhere";
        var keys = _key.ExportParameters(false);
        var body = exchange.Target switch
        {
            "/.well-known/openid-configuration" => $$"""{"issuer":"{{Name}}","jwks_uri":"{{KeysElsewhere ?? Name + "/jwks"}}"}""",
            "/jwks" => $$"""{"keys":[{"kty":"oct","kid":"shared","k":"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"},{"kty":"RSA","use":"sig","kid":"k{{_generation}}","n":"{{Url(keys.Modulus!)}}","e":"{{Url(keys.Exponent!)}}"}]}""",
            _ => "{}",
        };
        await exchange.Context.Response.BodyWriter.WriteAsync(Encoding.UTF8.GetBytes(body));
    }

    private static string Url(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
