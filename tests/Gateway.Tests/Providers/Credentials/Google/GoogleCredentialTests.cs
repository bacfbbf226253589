using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Providers.Credentials;
using Gateway.Providers.Credentials.Google;
using Gateway.Secrets;
using Gateway.Tests.Configuration;
using Gateway.Tests.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Providers.Credentials.Google;

public sealed class GoogleCredentialTests : IAsyncLifetime
{
    private static readonly RSA Key = RSA.Create(2048);

    private readonly FakeTimeProvider _time = new();
    private ScriptedUpstream _endpoint = null!;

    public async Task InitializeAsync() => _endpoint = await ScriptedUpstream.StartAsync();

    public async Task DisposeAsync() => await _endpoint.DisposeAsync();

    [Fact]
    public async Task ServiceAccount_ManyRequests_ShareOneSignedExchange()
    {
        _endpoint.Enqueue(Script.Json("""{"access_token":"ya29.one","expires_in":3600,"token_type":"Bearer"}"""));
        var credential = Credential();
        var headers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => AuthorizationAsync(credential)));
        Assert.All(headers, header => Assert.Equal("Bearer ya29.one", header));

        var assertion = Uri.UnescapeDataString(Assert.Single(_endpoint.Exchanges).BodyText.Split("assertion=")[1].Split('&')[0]).Split('.');
        Assert.True(Key.VerifyData(Encoding.ASCII.GetBytes($"{assertion[0]}.{assertion[1]}"), Decode(assertion[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        var claims = JsonDocument.Parse(Decode(assertion[1])).RootElement;
        Assert.Equal("gateway@p.iam.gserviceaccount.com", claims.GetProperty("iss").GetString());
        Assert.Equal(GoogleTokenCredential.Scope, claims.GetProperty("scope").GetString());
    }

    [Fact]
    public async Task Refused_OldEnough_IsExchangedAnew()
    {
        _endpoint.Enqueue(Script.Json("""{"access_token":"one","expires_in":3600}"""), Script.Json("""{"access_token":"two","expires_in":3600}"""));
        var credential = Credential();
        await AuthorizationAsync(credential);
        credential.Refused();
        Assert.Equal("Bearer one", await AuthorizationAsync(credential));
        _time.Advance(TimeSpan.FromMinutes(1));
        credential.Refused();
        Assert.Equal("Bearer two", await AuthorizationAsync(credential));
        Assert.Equal("it was ***", credential.Mask("it was two"));
    }

    [Fact]
    public async Task Exchange_Refused_IsAnErrorWithoutWhatItSaid()
    {
        _endpoint.Default = Script.Json("""{"error":"invalid_grant","error_description":"canary-0123456789"}""", 400);
        var failure = await Assert.ThrowsAsync<CredentialException>(() => AuthorizationAsync(Credential()));
        Assert.StartsWith("The gateway has no valid credential for the provider 'vertex': the Google service account gave no token", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("canary")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{ "type": "canary" }""")]
    [InlineData("""{ "type": "service_account", "private_key": "canary" }""")]
    public void Json_NoCredential_IsAProblemThatDoesNotRepeatIt(string json)
    {
        var fault = GoogleCredentials.FromJson("vertex", new Secret(json), new CredentialServices(), out var credential);
        Assert.Null(credential);
        Assert.DoesNotContain("canary", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Configuration_FileJsonAndVariable_AreFound()
    {
        using var directory = new TempDirectory();
        var file = Path.Combine(directory.Path, "google.json");
        File.WriteAllText(file, Json());
        Check("{}", "the Google service account", ("GOOGLE_APPLICATION_CREDENTIALS", file));
        Check("{}", "Google's metadata server");
        Check($$"""{ "credentialsFile": {{JsonSerializer.Serialize(file)}} }""", "the Google service account");
        Check("""{ "credentialsJson": "env:GOOGLE" }""", "the Google service account", ("GOOGLE", Json()));

        static void Check(string google, string source, params (string, string)[] environment)
        {
            var snapshot = Configured.Snapshot($$"""{ "providers": { "v": { "type": "openai-compatible", "baseUrl": "https://x", "credential": { "google": {{google}} } } } }""", environment);
            Assert.Equal(source, Assert.IsType<GoogleTokenCredential>(snapshot.Providers["v"].Credentials!.Keys[0].Credential).Origin.Source);
        }
    }

    private IProviderCredential Credential()
    {
        Assert.Null(GoogleCredentials.FromJson("vertex", new Secret(Json()), new CredentialServices { Time = _time }, out var credential));
        return credential!;
    }

    private string Json() => JsonSerializer.Serialize(new
    {
        type = "service_account",
        project_id = "p",
        private_key_id = "1",
        private_key = Key.ExportPkcs8PrivateKeyPem(),
        client_email = "gateway@p.iam.gserviceaccount.com",
        client_id = "1",
        token_uri = _endpoint.BaseUri + "/token",
    });

    private static async Task<string> AuthorizationAsync(IProviderCredential credential)
    {
        using var request = new HttpRequestMessage();
        await credential.ApplyAsync(request, CancellationToken.None);
        return Assert.Single(request.Headers.GetValues("Authorization"));
    }

    private static byte[] Decode(string base64Url) => System.Buffers.Text.Base64Url.DecodeFromChars(base64Url);
}
