namespace Gateway.Tests.Testing;

public class GatewayHostTests
{
    [Fact]
    public async Task Host_InFrontOfScriptedUpstream_RelaysAndRecords()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Json("""{"id":"x","object":"chat.completion","model":"m-1","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}"""));
        await using var gateway = await GatewayHost.StartAsync(upstream);
        using var response = await gateway.PostAsync("/v1/chat/completions", """{"model":"up/m","messages":[]}""");
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("""{"model":"m","messages":[]}""", (await upstream.WaitForRequestAsync()).BodyText);
        var entry = Assert.Single(await gateway.LedgerAsync());
        Assert.Equal(3, entry.GetProperty("input_tokens").GetInt64());
        Assert.Equal("completed", entry.GetProperty("outcome").GetString());
    }
}
