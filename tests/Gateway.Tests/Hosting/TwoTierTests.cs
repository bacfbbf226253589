using System.Text.Json;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Hosting;

/// <summary>Two gateways in a row, as docs/two-tier.md has them.</summary>
public class TwoTierTests
{
    private const string Ask = """{"model":"central/simulator/chat","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"hello"}]}""";

    [Fact]
    public async Task Stream_ThroughTwoGateways_IsTheCentralOnesAndInBothLedgers()
    {
        await using var central = await GatewayHost.StartWithSimulatorAsync();
        await using var edge = await EdgeAsync(central);
        using var direct = await central.PostAsync("/v1/chat/completions", Ask.Replace("central/", "", StringComparison.Ordinal));
        using var through = await edge.PostAsync("/v1/chat/completions", Ask);

        var (expected, actual) = (await direct.Content.ReadAsStringAsync(), await through.Content.ReadAsStringAsync());

        Assert.Equal(Text(expected), Text(actual));
        Assert.EndsWith("data: [DONE]\n\n", actual, StringComparison.Ordinal);
        Assert.Equal("simulator/chat", through.Headers.GetValues("x-gateway-model").Single());
        var own = Assert.Single(await edge.LedgerAsync());
        var theirs = (await central.LedgerAsync())[0];
        foreach (var tokens in new[] { "input_tokens", "output_tokens" })
            Assert.Equal(theirs.GetProperty(tokens).GetInt64(), own.GetProperty(tokens).GetInt64());
        Assert.Equal("central", own.GetProperty("provider").GetString());
        Assert.Equal("simulator/chat", theirs.GetProperty("requested_model").GetString());
    }

    [Fact]
    public async Task Error_OfTheCentralOne_KeepsItsMeaning()
    {
        await using var central = await GatewayHost.StartWithSimulatorAsync();
        await using var edge = await EdgeAsync(central);
        using var tooLong = await edge.PostAsync("/v1/chat/completions", Ask.Replace("simulator/chat", "simulator/fault-context-length", StringComparison.Ordinal));
        using var unknown = await edge.PostAsync("/v1/chat/completions", Ask.Replace("simulator/chat", "nobody/nothing", StringComparison.Ordinal));

        Assert.Equal((400, "context_length_exceeded"), await ErrorAsync(tooLong));
        Assert.Equal(404, (int)unknown.StatusCode);
    }

    [Fact]
    public async Task Stream_BrokenAtTheCentralOne_IsNoSuccessAtTheEdge()
    {
        await using var central = await GatewayHost.StartWithSimulatorAsync();
        await using var edge = await EdgeAsync(central);
        using var reply = await edge.PostAsync("/v1/chat/completions", Ask.Replace("simulator/chat", "simulator/fault-cut", StringComparison.Ordinal));
        var seen = "";
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            using var reader = new StreamReader(await reply.Content.ReadAsStreamAsync());
            while (await reader.ReadLineAsync() is { } line)
                seen += line + "\n";
        });
        Assert.DoesNotContain("[DONE]", seen, StringComparison.Ordinal);
        Assert.Contains("\"error\"", seen, StringComparison.Ordinal);
    }

    private static Task<GatewayHost> EdgeAsync(GatewayHost central) => GatewayHost.StartAsync(
        $$""" "providers": { "central": { "type": "openai-compatible", "baseUrl": "{{central.BaseUri}}v1", "apiKey": "env:CENTRAL_KEY" } } """,
        environment: ("CENTRAL_KEY", GatewayHost.Key));

    private static string Text(string stream) => string.Concat(stream.Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal))
        .Select(line => JsonDocument.Parse(line[6..]).RootElement.GetProperty("choices")).Where(choices => choices.GetArrayLength() > 0)
        .Select(choices => choices[0].GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : ""));

    private static async Task<(int, string?)> ErrorAsync(HttpResponseMessage reply)
    {
        using var json = JsonDocument.Parse(await reply.Content.ReadAsStringAsync());
        return ((int)reply.StatusCode, json.RootElement.GetProperty("error").GetProperty("code").GetString());
    }
}
