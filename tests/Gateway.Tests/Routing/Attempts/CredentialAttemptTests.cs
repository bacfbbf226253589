using System.Text.Json;
using Gateway.Providers.Credentials.Aws;
using Gateway.Secrets;
using Gateway.Tests.Providers.Credentials.Aws;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Routing.Attempts;

/// <summary>Credentials as a whole gateway uses them.</summary>
public sealed class CredentialAttemptTests : IAsyncLifetime
{
    private const string Canary = "canary-secret-0123456789";
    private const string VirtualKeys = """ "keys": [{ "id": "test", "value": "env:TEST_KEY", "models": ["*"] }] """;

    private ScriptedUpstream _upstream = null!;
    private ScriptedUpstream _source = null!;

    public async Task InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync(Script.Json(AttemptFixture.Ok));
        _source = await ScriptedUpstream.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _upstream.DisposeAsync();
        await _source.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_TemporaryAwsCredentials_ArrivesSignedAndTheyAreFetchedOnce(bool stream)
    {
        _source.Default = Script.Json($$"""{"AccessKeyId":"AKID1","SecretAccessKey":"{{Canary}}","Token":"token","Expiration":"2099-01-01T00:00:00Z"}""");
        if (stream) _upstream.Default = Script.Sse("""{"choices":[{"index":0,"delta":{"content":"hi"},"finish_reason":"stop"}]}""").Done();
        await using var gateway = await StartAwsAsync();
        for (var i = 0; i < 2; i++)
        {
            using var reply = await gateway.PostAsync("/v1/chat/completions", stream ? """{"model":"up/m","stream":true,"messages":[]}""" : """{"model":"up/m","messages":[]}""");
            Assert.Equal(200, (int)reply.StatusCode);
            await reply.Content.ReadAsStringAsync();
        }

        Assert.Single(_source.Exchanges);
        var arrived = _upstream.Exchanges[1];
        List<KeyValuePair<string, string>> headers =
            [.. new[] { "Host", "Content-Type", "X-Amz-Date", "X-Amz-Security-Token" }.Select(name => KeyValuePair.Create(name, arrived.Headers[name].ToString()))];
        var expected = new SigV4Signer("us-east-1", "bedrock").Sign(
            new SigV4Request("POST", arrived.Target, "", headers, SigV4Expectation.Hash(arrived.BodyText), arrived.Headers["X-Amz-Date"].ToString()),
            new AwsCredentials("AKID1", new Secret(Canary)));
        Assert.Equal(expected, arrived.Headers.Authorization);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_SourceFails_SaysSoAndDoesNotCallTheProvider(bool stream)
    {
        _source.Default = Script.Json($$"""{"message":"{{Canary}}"}""", 404);
        await using var gateway = await StartAwsAsync();
        using var reply = await gateway.PostAsync("/v1/chat/completions", $$"""{"model":"up/m","stream":{{(stream ? "true" : "false")}},"messages":[]}""");
        var text = await reply.Content.ReadAsStringAsync();
        Assert.Equal((502, "provider_authentication_failed"), ((int)reply.StatusCode, Code(text)));
        Assert.Contains("'up': the container credentials endpoint answered 404", text.Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, text, StringComparison.Ordinal);
        Assert.Empty(_upstream.Exchanges);
    }

    [Fact]
    public async Task Call_ProviderQuotesWhatItWasGiven_IsMasked()
    {
        _source.Default = Script.Json($$"""{"AccessKeyId":"AKID1CANARY","SecretAccessKey":"{{Canary}}","Token":"session-canary","Expiration":"2099-01-01T00:00:00Z"}""");
        _upstream.Default = Script.Error(400, type: "invalid_request_error", message: $"bad: AKID1CANARY session-canary {Canary}");
        await using var gateway = await StartAwsAsync();
        using var reply = await gateway.PostAsync("/v1/chat/completions", """{"model":"up/m","messages":[]}""");
        Assert.Contains("bad: *** *** ***", await reply.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_KeysWithModels_UseTheKeyOfTheModelAndRefuseTheRest()
    {
        await using var gateway = await GatewayHost.StartAsync(
            $$"""
            "providers": { "up": { "type": "openai", "baseUrl": "{{_upstream.BaseUri}}", "keys": [
              { "key": "env:KEY_A", "models": ["gpt-4*"] }, { "key": "env:KEY_B", "models": ["o3*"] } ] } }, {{VirtualKeys}}
            """,
            environment: [("KEY_A", "sk-a"), ("KEY_B", "sk-b")]);
        foreach (var model in new[] { "gpt-4o", "o3-mini", "gpt-4o" })
        {
            using var reply = await gateway.PostAsync("/v1/chat/completions", $$"""{"model":"up/{{model}}","messages":[]}""");
            Assert.Equal(200, (int)reply.StatusCode);
        }

        Assert.Equal(["Bearer sk-a", "Bearer sk-b", "Bearer sk-a"], _upstream.Exchanges.Select(e => e.Headers.Authorization.ToString()));
        using var refused = await gateway.PostAsync("/v1/chat/completions", """{"model":"up/davinci-002","messages":[]}""");
        Assert.Equal((404, "no_provider_key"), ((int)refused.StatusCode, Code(await refused.Content.ReadAsStringAsync())));
        using var listed = JsonDocument.Parse(await gateway.Client.GetStringAsync("/v1/models"));
        var ids = listed.RootElement.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString()!).ToList();
        Assert.Contains("up/gpt-4o", ids);
        Assert.All(ids, id => Assert.Matches("^up/(gpt-4|o3)", id));
    }

    private Task<GatewayHost> StartAwsAsync() => GatewayHost.StartAsync(
        $$"""
        "providers": { "up": { "type": "openai-compatible", "baseUrl": "{{_upstream.BaseUri}}", "credential": { "aws": { "region": "us-east-1" } } } }
        """,
        environment: [("AWS_CONTAINER_CREDENTIALS_FULL_URI", _source.BaseUri.ToString()), ("AWS_CONTAINER_AUTHORIZATION_TOKEN", Canary)]);

    private static string Code(string body)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.GetProperty("error").GetProperty("code").GetString()!;
    }
}
