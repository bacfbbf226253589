using System.Net;
using System.Text.Json;
using Gateway.Tests.Routing.Attempts;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Routing.Rules;

/// <summary>Rules in a whole gateway in front of two upstreams.</summary>
public sealed class RuleStageTests : IAsyncLifetime
{
    private ScriptedUpstream _a = null!;
    private ScriptedUpstream _b = null!;
    private GatewayHost _gateway = null!;

    public async Task InitializeAsync()
    {
        _a = await ScriptedUpstream.StartAsync(Script.Json(AttemptFixture.Ok));
        _b = await ScriptedUpstream.StartAsync(Script.Json(AttemptFixture.Ok));
        _gateway = await GatewayHost.StartAsync($$"""
            "providers": {
              "a": { "type": "openai", "baseUrl": "{{_a.BaseUri}}", "apiKey": "env:UP_KEY" },
              "b": { "type": "openai", "baseUrl": "{{_b.BaseUri}}", "apiKey": "env:UP_KEY" }
            },
            "routes": {
              "plain": { "targets": ["a/m"] },
              "ruled": {
                "targets": ["a/m"],
                "rules": [
                  { "name": "no-images", "when": "request.hasImages", "deny": { "message": "No images here." } },
                  { "name": "long", "when": "tokens.input > 100", "to": ["b/long", "plain"] },
                  { "name": "tagged", "when": "'beta' in request.tags", "to": [ { "target": "b/new", "arm": "new" } ] }
                ]
              }
            },
            "rules": [ { "name": "moved", "when": "request.model == 'b/old'", "to": ["plain"] } ],
            "keys": [
              { "id": "test", "value": "env:TEST_KEY", "models": ["*"] },
              { "id": "other", "value": "env:OTHER_KEY", "models": ["*"], "providers": ["a"] }
            ]
            """);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _a.DisposeAsync();
        await _b.DisposeAsync();
    }

    [Theory]
    [InlineData("ruled", "hi", "a", "m")]
    [InlineData("ruled", "LONG", "b", "long")]
    [InlineData("plain", "LONG", "a", "m")]
    [InlineData("b/old", "hi", "a", "m")]
    [InlineData("b/other", "hi", "b", "other")]
    public async Task Request_WhatRulesSay_IsWhereItGoes(string model, string text, string provider, string target)
    {
        using var reply = await AskAsync(model, text == "LONG" ? new string('x', 1_000) : text);
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Equal((provider, target), (reply.Headers.GetValues("x-gateway-provider").Single(), reply.Headers.GetValues("x-gateway-model").Single()));
    }

    [Fact]
    public async Task Request_TargetOfARuleFails_TheRulesNextServes()
    {
        _b.Default = Script.Error(503);
        using var reply = await AskAsync("ruled", new string('x', 1_000));
        Assert.Equal("a", reply.Headers.GetValues("x-gateway-provider").Single());
    }

    [Fact]
    public async Task Request_Denied_HearsTheRulesWords()
    {
        using var reply = await _gateway.PostAsync("/v1/chat/completions", """{"model":"ruled","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}]}""");
        Assert.Equal(HttpStatusCode.Forbidden, reply.StatusCode);
        var error = JsonDocument.Parse(await reply.Content.ReadAsStringAsync()).RootElement.GetProperty("error");
        Assert.Equal(("No images here.", "denied_by_rule"), (error.GetProperty("message").GetString(), error.GetProperty("code").GetString()));
        Assert.Empty(_a.Exchanges);
    }

    [Fact]
    public async Task Request_Header_DecidesTheArm()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = Body("ruled", "hi") };
        request.Headers.Add("x-gateway-tags", "alpha, beta");
        using var reply = await _gateway.Client.SendAsync(request);
        Assert.Equal("new", reply.Headers.GetValues("x-gateway-model").Single());
    }

    [Fact]
    public async Task Request_KeyMayNotUseTheRulesProvider_IsCutToWhatItMay()
    {
        using var allowed = await AskAsync("ruled", new string('x', 1_000), GatewayHost.OtherKey);
        Assert.Equal("a", allowed.Headers.GetValues("x-gateway-provider").Single());
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = Body("ruled", "hi") };
        request.Headers.Authorization = new("Bearer", GatewayHost.OtherKey);
        request.Headers.Add("x-gateway-tags", "beta");
        using var refused = await _gateway.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        Assert.Empty(_b.Exchanges);
    }

    private Task<HttpResponseMessage> AskAsync(string model, string text, string key = GatewayHost.Key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = Body(model, text) };
        request.Headers.Authorization = new("Bearer", key);
        return _gateway.Client.SendAsync(request);
    }

    private static StringContent Body(string model, string text) =>
        new($$"""{"model":"{{model}}","messages":[{"role":"user","content":"{{text}}"}]}""", System.Text.Encoding.UTF8, "application/json");
}
