using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Surfaces;

/// <summary>The header <c>anthropic-beta</c> on its way to Bedrock, which takes betas in the body only.</summary>
public sealed class AnthropicBetaTests : IAsyncLifetime
{
    private const string Reply = """{"id":"msg_1","type":"message","role":"assistant","model":"claude","content":[{"type":"text","text":"hi"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":1}}""";
    private const string Invoke = """{"anthropic_version":"bedrock-2023-05-31","max_tokens":9,"messages":[{"role":"user","content":"a"}]}""";
    private const string Messages = """{"model":"aws/claude","max_tokens":9,"messages":[{"role":"user","content":"a"}]}""";
    private ScriptedUpstream _upstream = null!;
    private GatewayHost _gateway = null!;

    public async Task InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync(Script.Json(Reply));
        _gateway = await GatewayHost.StartAsync(
            $$"""
            "providers": {
              "aws": { "type": "bedrock", "baseUrl": "{{_upstream.BaseUri.GetLeftPart(UriPartial.Authority)}}", "apiKey": "env:UP_KEY", "paths": { "converse": null } },
              "anthropic": { "baseUrl": "{{_upstream.BaseUri.GetLeftPart(UriPartial.Authority)}}", "apiKey": "env:UP_KEY" } }
            """);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Relay_Header_IsInsertedAndTheRestIsUntouched()
    {
        Assert.Equal(200, await PostAsync("/bedrock/model/aws%2Fclaude/invoke", Invoke, "a-2025-01-01, b\"2"));

        Assert.Equal("""{"anthropic_beta":["a-2025-01-01","b\"2"],""" + Invoke[1..], _upstream.Exchanges[0].BodyText);
    }

    [Fact]
    public async Task Relay_BodyThatNamesItsOwn_IsUntouched()
    {
        var body = """{"anthropic_beta":["own"],""" + Invoke[1..];

        Assert.Equal(200, await PostAsync("/bedrock/model/aws%2Fclaude/invoke", body, "a"));

        Assert.Equal(body, _upstream.Exchanges[0].BodyText);
    }

    [Fact]
    public async Task Relay_NoHeader_IsUntouched()
    {
        Assert.Equal(200, await PostAsync("/bedrock/model/aws%2Fclaude/invoke", Invoke, null));

        Assert.Equal(Invoke, _upstream.Exchanges[0].BodyText);
    }

    [Fact]
    public async Task Translate_Header_IsInTheBody()
    {
        Assert.Equal(200, await PostAsync("/anthropic/v1/messages", Messages, "a,b"));

        Assert.EndsWith("/invoke", _upstream.Exchanges[0].Target, StringComparison.Ordinal);
        var body = JsonNode.Parse(_upstream.Exchanges[0].BodyText)!;
        Assert.Equal("""["a","b"]""", body["anthropic_beta"]!.ToJsonString());
        Assert.Equal(JsonValueKind.Array, body["messages"]!.GetValueKind());
    }

    [Fact]
    public async Task Translate_ClientOfAnotherDialect_IsNotAsked()
    {
        Assert.Equal(200, await PostAsync("/v1/chat/completions", Messages, "a"));

        Assert.Null(JsonNode.Parse(_upstream.Exchanges[0].BodyText)!["anthropic_beta"]);
    }

    [Fact]
    public async Task Anthropic_Header_StaysAHeader()
    {
        Assert.Equal(200, await PostAsync("/anthropic/v1/messages", Messages.Replace("aws/", "anthropic/", StringComparison.Ordinal), "a"));

        Assert.Equal("a", _upstream.Exchanges[0].Headers["anthropic-beta"].ToString());
        Assert.DoesNotContain("anthropic_beta", _upstream.Exchanges[0].BodyText, StringComparison.Ordinal);
    }

    private async Task<int> PostAsync(string path, string json, string? beta)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        if (beta is not null)
            request.Headers.TryAddWithoutValidation("anthropic-beta", beta);
        return (await RawReply.ReadAsync(await _gateway.Client.SendAsync(request))).Status;
    }
}
