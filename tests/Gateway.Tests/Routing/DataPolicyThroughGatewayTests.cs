using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Routing;

/// <summary>Where data may go, as a whole gateway keeps to it.</summary>
public sealed class DataPolicyThroughGatewayTests : IAsyncLifetime
{
    private const string Ok = """{"id":"c","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}""";

    private ScriptedUpstream _abroad = null!;
    private ScriptedUpstream _home = null!;
    private GatewayHost _gateway = null!;

    public async Task InitializeAsync()
    {
        _abroad = await ScriptedUpstream.StartAsync(Script.Json(Ok));
        _home = await ScriptedUpstream.StartAsync(Script.Json(Ok));
        _gateway = await GatewayHost.StartAsync(
            $$"""
            "providers": {
              "abroad": { "type": "openai", "baseUrl": "{{_abroad.BaseUri}}", "apiKey": "env:UP_KEY", "residency": "us", "retention": "30d" },
              "home": { "type": "openai", "baseUrl": "{{_home.BaseUri}}", "apiKey": "env:UP_KEY", "residency": "eu", "retention": "none" } },
            "routes": { "any": { "targets": ["abroad/m", "home/m"] }, "private": { "targets": ["home/m"], "residency": ["eu"], "retention": ["none"] } },
            "customers": { "clinic": { "models": ["*"], "residency": ["eu"] } },
            "keys": [ { "id": "free", "value": "env:TEST_KEY", "models": ["*"] }, { "id": "ward", "customer": "clinic", "value": "env:OTHER_KEY" } ]
            """);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _abroad.DisposeAsync();
        await _home.DisposeAsync();
    }

    [Theory]
    [InlineData("any", GatewayHost.Key, 200, 1, 0)]
    [InlineData("any", GatewayHost.OtherKey, 200, 0, 1)]
    [InlineData("private", GatewayHost.Key, 200, 0, 1)]
    [InlineData("private", GatewayHost.OtherKey, 200, 0, 1)]
    [InlineData("abroad/m", GatewayHost.Key, 200, 1, 0)]
    [InlineData("abroad/m", GatewayHost.OtherKey, 403, 0, 0)]
    public async Task Chat_RouteAndKey_GoesOnlyWhereBothAllow(string model, string key, int status, int abroad, int home)
    {
        var (code, text) = await SendAsync(HttpMethod.Post, "/v1/chat/completions", key, JsonBody($$"""{"model":"{{model}}","messages":[{"role":"user","content":"hi"}]}"""));
        Assert.Equal((status, abroad, home), ((int)code, _abroad.Exchanges.Count, _home.Exchanges.Count));
        Assert.Equal(status == 403, text.Contains("\"data_policy\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Chat_OnlyAllowedTargetFails_DataStillGoesNowhereElse()
    {
        _home.Default = Script.Error(400, type: "invalid_request_error", message: "no");
        var (code, _) = await SendAsync(HttpMethod.Post, "/v1/chat/completions", GatewayHost.OtherKey, JsonBody("""{"model":"any","messages":[{"role":"user","content":"hi"}]}"""));
        Assert.Equal(HttpStatusCode.BadRequest, code);
        Assert.Empty(_abroad.Exchanges);
    }

    [Fact]
    public async Task Upload_ProviderThatTheKeyDoesNotAllow_IsNotChosen()
    {
        using var form = new MultipartFormDataContent { { new StringContent("batch"), "purpose" }, { new StringContent("{}\n"), "file", "requests.jsonl" } };
        await SendAsync(HttpMethod.Post, "/v1/files", GatewayHost.OtherKey, form, "abroad");
        Assert.Empty(_abroad.Exchanges);
    }

    private static StringContent JsonBody(string json) => new(json, Encoding.UTF8, "application/json");

    private async Task<(HttpStatusCode Code, string Text)> SendAsync(HttpMethod method, string path, string key, HttpContent content, string? provider = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (provider is not null) request.Headers.Add("x-gateway-provider", provider);
        using var response = await _gateway.Client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
