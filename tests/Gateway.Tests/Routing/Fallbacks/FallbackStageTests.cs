using System.Text;
using System.Text.Json;
using Gateway.Tests.Routing.Attempts;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Routing.Fallbacks;

/// <summary>Fallbacks that a request names itself, through a whole gateway.</summary>
public sealed class FallbackStageTests : IAsyncLifetime
{
    private ScriptedUpstream _a = null!;
    private ScriptedUpstream _b = null!;
    private ScriptedUpstream _c = null!;
    private GatewayHost _gateway = null!;

    public async Task InitializeAsync()
    {
        _a = await ScriptedUpstream.StartAsync(Script.Error(503));
        _b = await ScriptedUpstream.StartAsync(Script.Json(AttemptFixture.Ok));
        _c = await ScriptedUpstream.StartAsync(Script.Json("""{"id":"msg_1","type":"message","role":"assistant","model":"claude","content":[{"type":"text","text":"hi"}],"stop_reason":"end_turn","usage":{"input_tokens":3,"output_tokens":1}}"""));
        _gateway = await GatewayHost.StartAsync($$"""
            "providers": {
              "a": { "type": "openai", "baseUrl": "{{_a.BaseUri}}", "apiKey": "env:UP_KEY" },
              "b": { "type": "openai", "baseUrl": "{{_b.BaseUri}}", "apiKey": "env:UP_KEY" },
              "c": { "type": "anthropic", "baseUrl": "{{_c.BaseUri}}", "apiKey": "env:UP_KEY" },
              "o": { "type": "openrouter", "baseUrl": "{{_b.BaseUri}}", "apiKey": "env:UP_KEY" }
            },
            "keys": [
              { "id": "test", "value": "env:TEST_KEY", "models": ["*"] },
              { "id": "narrow", "value": "env:OTHER_KEY", "models": ["a/*"] }]
            """);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _a.DisposeAsync();
        await _b.DisposeAsync();
        await _c.DisposeAsync();
    }

    [Theory]
    [InlineData("""{"model":"a/m","messages":[],"fallbacks":["b/n"]}""", null, """{"model":"n","messages":[]}""")]
    [InlineData("""{"fallbacks":[{"model":"b/n"}],"messages":[],"model":"a/m"}""", null, """{"messages":[],"model":"n"}""")]
    [InlineData("""{"model":"a/m","models":["a/m","b/n"],"messages":[]}""", null, """{"model":"n","messages":[]}""")]
    [InlineData("""{"model":"a/m","messages":[]}""", "a/x, b/n", """{"model":"n","messages":[]}""")]
    public async Task Named_FirstCantServe_TheyDoAndTheMemberStaysHere(string body, string? header, string arrived)
    {
        using var reply = await PostAsync(body, header);
        Assert.Equal((200, "b"), ((int)reply.StatusCode, reply.Headers.GetValues("x-gateway-provider").Single()));
        Assert.Equal(arrived, Assert.Single(_b.Exchanges).BodyText);
        Assert.All(_a.Exchanges, e => Assert.DoesNotContain("allback", e.BodyText, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Named_OnAnotherWire_AreToldNothingOfIt()
    {
        using var reply = await PostAsync("""{"model":"a/m","messages":[{"role":"user","content":"x"}],"fallbacks":["c/claude"]}""", null, ("x-gateway-strict", "1"));
        Assert.Equal((200, "c"), ((int)reply.StatusCode, reply.Headers.GetValues("x-gateway-provider").Single()));
        Assert.DoesNotContain("fallbacks", Assert.Single(_c.Exchanges).BodyText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"model":"a/m","messages":[],"fallbacks":"b/n"}""", null, 400, "invalid_parameter", "fallbacks")]
    [InlineData("""{"model":"a/m","messages":[],"fallbacks":[],"models":[]}""", null, 400, "invalid_parameter", "models")]
    [InlineData("""{"model":"a/m","messages":[],"fallbacks":["1","2","3","4","5","6","7","8","9"]}""", null, 400, "invalid_parameter", "fallbacks")]
    [InlineData("""{"model":"a/m","messages":[],"fallbacks":["none-such"]}""", null, 404, "model_not_found", "fallbacks")]
    [InlineData("""{"model":"a/m","messages":[]}""", "b/n,", 400, "invalid_parameter", "x-gateway-fallbacks")]
    [InlineData("""{"model":"a/m","messages":[]}""", "none-such", 404, "model_not_found", "x-gateway-fallbacks")]
    public async Task Named_Badly_IsAClearErrorAndNobodyIsCalled(string body, string? header, int status, string code, string param)
    {
        using var reply = await PostAsync(body, header);
        var error = JsonElement.Parse(await reply.Content.ReadAsStringAsync()).GetProperty("error");
        Assert.Equal((status, code, param), ((int)reply.StatusCode, error.GetProperty("code").GetString(), error.GetProperty("param").GetString()));
        Assert.Empty(_a.Exchanges);
    }

    [Fact]
    public async Task Named_KeyMayNotUseThem_IsLikeAModelThatIsNotThere()
    {
        using var reply = await PostAsync("""{"model":"a/m","messages":[],"fallbacks":["b/n"]}""", null, ("Authorization", "Bearer " + GatewayHost.OtherKey));
        Assert.Equal(404, (int)reply.StatusCode);
        Assert.Empty(_a.Exchanges);
        Assert.Empty(_b.Exchanges);
    }

    [Fact]
    public async Task Models_OfOpenRouter_AreItsOwnMember()
    {
        const string body = """{"model":"o/x/m","messages":[],"models":["x/n"]}""";
        using var reply = await PostAsync(body, null);
        Assert.Equal(200, (int)reply.StatusCode);
        Assert.Contains("\"models\":[\"x/n\"]", Assert.Single(_b.Exchanges).BodyText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1", 503, 0)]
    [InlineData("2", 200, 1)]
    [InlineData("0", 400, 0)]
    [InlineData("7", 400, 0)]
    [InlineData("many", 400, 0)]
    public async Task AttemptsMax_OfTheRequest_LowersTheCap(string most, int status, int calls)
    {
        using var reply = await PostAsync("""{"model":"a/m","messages":[]}""", "b/n", ("x-gateway-attempts-max", most));
        Assert.Equal((status, calls), ((int)reply.StatusCode, _b.Exchanges.Count));
    }

    private Task<HttpResponseMessage> PostAsync(string body, string? fallbacks, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (fallbacks is not null)
            request.Headers.Add("x-gateway-fallbacks", fallbacks);
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return _gateway.Client.SendAsync(request);
    }
}
