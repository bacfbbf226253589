using Azure.Identity;
using Gateway.Providers.Credentials;
using Gateway.Providers.Credentials.Entra;
using Gateway.Tests.Configuration;
using Gateway.Tests.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Providers.Credentials.Entra;

public class EntraCredentialTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly LogCollector _log = new();
    private readonly FakeTokenCredential _source;
    private readonly EntraCredential _credential;

    public EntraCredentialTests()
    {
        _source = new FakeTokenCredential(_time);
        _credential = new EntraCredential(new CredentialOrigin("azure", "a test"), _source, EntraCredential.DefaultScope, new CredentialServices { Time = _time, Logger = _log });
    }

    [Fact]
    public async Task Apply_ManyRequests_ShareOneTokenUntilShortlyBeforeItsEnd()
    {
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AuthorizationAsync(_credential))), a => Assert.Equal("Bearer token-1", a));
        Assert.Equal([EntraCredential.DefaultScope], _source.Scopes);
        _time.Advance(TimeSpan.FromMinutes(58));
        await AuthorizationAsync(_credential);
        while (_source.Calls < 2 || await AuthorizationAsync(_credential) != "Bearer token-2") await Task.Yield();
        Assert.Equal(2, _source.Calls);
    }

    [Fact]
    public async Task Apply_SourceFails_IsAnErrorWithoutItsWords()
    {
        _source.Failure = new AuthenticationFailedException("AADSTS7000215 canary-0123456789");
        var failure = await Assert.ThrowsAsync<CredentialException>(() => AuthorizationAsync(_credential));
        Assert.Equal("The gateway has no valid credential for the provider 'azure': a test failed (AuthenticationFailedException).", failure.Message);
        Assert.DoesNotContain("canary", failure + string.Join('\n', _log.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "the Azure managed identity")]
    [InlineData("""{ "clientId": "c" }""", "the Azure managed identity")]
    [InlineData("""{ "source": "azureCli" }""", "the Azure CLI")]
    [InlineData("""{ "tenantId": "t", "clientId": "c", "clientSecret": "env:S" }""", "the Entra application")]
    [InlineData("""{ "source": "workloadIdentity", "tenantId": "t", "clientId": "c" }""", "the Azure workload identity", "AZURE_FEDERATED_TOKEN_FILE")]
    [InlineData("{}", "the Azure workload identity", "AZURE_FEDERATED_TOKEN_FILE", "AZURE_TENANT_ID", "AZURE_CLIENT_ID")]
    public void Configuration_Sources_AreChosen(string entra, string source, params string[] variables)
    {
        var snapshot = Configured.Snapshot(
            $$"""{ "providers": { "azure": { "baseUrl": "https://me.openai.azure.com", "credential": { "entra": {{entra}} } } } }""",
            [("S", "secret"), .. variables.Select(v => (v, "00000000-0000-0000-0000-000000000001"))]);
        Assert.Equal(source, Assert.IsType<EntraCredential>(snapshot.Providers["azure"].Credentials!.Keys[0].Credential).Origin.Source);
    }

    [Fact]
    public async Task ManagedIdentity_PlatformEndpoint_IsAskedForTheScope()
    {
        var expires = TimeProvider.System.GetUtcNow().AddHours(2).ToUnixTimeSeconds();
        await using var endpoint = await ScriptedUpstream.StartAsync(Script.Json(
            $$"""{"access_token":"mi-token","expires_on":"{{expires}}","resource":"https://cognitiveservices.azure.com","token_type":"Bearer","client_id":"c"}"""));
        // The library reads the process's own variables; nothing else in these tests does.
        Environment.SetEnvironmentVariable("IDENTITY_ENDPOINT", endpoint.BaseUri + "/msi/token");
        Environment.SetEnvironmentVariable("IDENTITY_HEADER", "platform-secret");
        try
        {
            var credential = EntraCredentials.ManagedIdentity("azure", clientId: null, EntraCredential.DefaultScope, new CredentialServices());
            Assert.Equal("Bearer mi-token", await AuthorizationAsync(credential));
            Assert.Equal("Bearer mi-token", await AuthorizationAsync(credential));
        }
        finally
        {
            Environment.SetEnvironmentVariable("IDENTITY_ENDPOINT", null);
            Environment.SetEnvironmentVariable("IDENTITY_HEADER", null);
        }

        var call = Assert.Single(endpoint.Exchanges);
        Assert.Equal("platform-secret", call.Headers["X-IDENTITY-HEADER"]);
        Assert.Contains("resource=https://cognitiveservices.azure.com", Uri.UnescapeDataString(call.Target), StringComparison.Ordinal);
    }

    private static async Task<string> AuthorizationAsync(IProviderCredential credential)
    {
        using var request = new HttpRequestMessage();
        await credential.ApplyAsync(request, CancellationToken.None);
        return Assert.Single(request.Headers.GetValues("Authorization"));
    }
}
