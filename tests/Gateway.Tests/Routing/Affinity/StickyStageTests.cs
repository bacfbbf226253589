using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Routing.Affinity;

/// <summary>What continues a response goes to its maker, through a whole gateway with two providers.</summary>
public class StickyStageTests : IAsyncLifetime
{
    private ScriptedUpstream _a = null!;
    private ScriptedUpstream _b = null!;
    private GatewayHost _gateway = null!;

    public async Task InitializeAsync()
    {
        (_a, _b) = (await ScriptedUpstream.StartAsync(), await ScriptedUpstream.StartAsync());
        _a.Default = Script.Json(Response("resp_a", "rs_a"));
        _b.Default = Script.Json(Response("resp_b", "rs_b"));
        _gateway = await GatewayHost.StartAsync($$"""
            "providers": {
              "a": { "type": "openai", "baseUrl": "{{_a.BaseUri}}", "apiKey": "env:UP_KEY" },
              "b": { "type": "openai", "baseUrl": "{{_b.BaseUri}}", "apiKey": "env:UP_KEY" }
            },
            "routes": { "two": { "targets": ["a/m", "b/m"] }, "other": { "targets": ["a/m", "a/n"] } },
            "keys": [
              { "id": "k1", "value": "env:TEST_KEY", "models": ["*"] },
              { "id": "k2", "value": "env:OTHER_KEY", "models": ["*"] }
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
    [InlineData("""{"model":"two","input":"more","previous_response_id":"resp_b"}""", 1)]
    [InlineData("""{"model":"two","input":[{"type":"reasoning","id":"rs_b","summary":[]},{"role":"user","content":"more"}]}""", 1)]
    [InlineData("""{"model":"two","input":[{"type":"reasoning","encrypted_content":"secret of rs_b","summary":[]},{"role":"user","content":"more"}]}""", 1)]
    [InlineData("""{"model":"two","input":"more","conversation":{"id":"conv_1"}}""", 1)]
    [InlineData("""{"model":"two","input":"more","previous_response_id":"resp_of_nobody"}""", 0)]
    [InlineData("""{"model":"two","input":"more"}""", 0)]
    public async Task Request_ThatContinues_GoesToTheMaker(string body, int calls)
    {
        await ServedByBAsync();
        Assert.Equal(200, (await PostAsync(body)).Status);
        Assert.Equal(1 + calls, _b.Exchanges.Count);
    }

    [Fact]
    public async Task Request_OfAnotherTenant_KnowsNothingOfIt()
    {
        await ServedByBAsync();
        Assert.Equal(200, (await PostAsync("""{"model":"two","input":"more","previous_response_id":"resp_b"}""", GatewayHost.OtherKey)).Status);
        Assert.Single(_b.Exchanges);
    }

    [Fact]
    public async Task Request_MakerFails_IsAnErrorAndNotRoutedAround()
    {
        await ServedByBAsync();
        var calls = _a.Exchanges.Count;
        _b.Default = Script.Error(503);
        var failed = await PostAsync("""{"model":"two","input":"more","previous_response_id":"resp_b"}""");
        Assert.Equal((503, "provider_overloaded", calls), (failed.Status, failed.Code, _a.Exchanges.Count));
    }

    [Fact]
    public async Task Request_MakerNotOfTheRoute_IsAnError()
    {
        await ServedByBAsync();
        var calls = _a.Exchanges.Count;
        var failed = await PostAsync("""{"model":"other","input":"more","previous_response_id":"resp_b"}""");
        Assert.Equal((404, "object_not_found", calls), (failed.Status, failed.Code, _a.Exchanges.Count));
    }

    [Fact]
    public async Task Request_StreamedMaker_IsKnownByItsReasoning()
    {
        _a.Enqueue(Script.Error(503));
        _b.Enqueue(Script.Sse(
            """{"type":"response.created","response":{"id":"resp_s","status":"in_progress","output":[]}}""",
            """{"type":"response.output_text.delta","delta":"hi"}""",
            $$"""{"type":"response.completed","response":{{Response("resp_s", "rs_s")}}}"""));
        Assert.Equal(200, (await PostAsync("""{"model":"two","input":"hi","stream":true}""")).Status);
        Assert.Equal(200, (await PostAsync("""{"model":"two","input":[{"type":"item_reference","id":"rs_s"}]}""")).Status);
        Assert.Equal(2, _b.Exchanges.Count);
    }

    /// <summary>A response that the second provider made, because the first could not.</summary>
    private async Task ServedByBAsync()
    {
        _a.Enqueue(Script.Error(503));
        Assert.Equal(200, (await PostAsync("""{"model":"two","input":"hi","conversation":"conv_1"}""")).Status);
        Assert.Single(_b.Exchanges);
    }

    private async Task<(int Status, string? Code)> PostAsync(string body, string key = GatewayHost.Key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/responses") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new("Bearer", key);
        using var response = await _gateway.Client.SendAsync(request);
        if (response.IsSuccessStatusCode)
        {
            await response.Content.ReadAsStringAsync();
            return ((int)response.StatusCode, null);
        }

        var error = await response.Content.ReadFromJsonAsync<JsonElement>();
        return ((int)response.StatusCode, error.GetProperty("error").GetProperty("code").GetString());
    }

    private static string Response(string id, string reasoning) =>
        $$$"""{"id":"{{{id}}}","object":"response","status":"completed","model":"m","output":[{"type":"reasoning","id":"{{{reasoning}}}","encrypted_content":"secret of {{{reasoning}}}","summary":[]},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"hi"}]}],"usage":{"input_tokens":3,"output_tokens":1,"total_tokens":4}}""";
}
