using System.Text.Json.Nodes;
using Gateway.Tests.Surfaces;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Compatibility;

/// <summary>Embeddings translated from each wire that has them are what OpenAI's own description says.</summary>
public sealed class EmbeddingDescriptionTests(OpenAiJudge judge) : IClassFixture<OpenAiJudge>
{
    [NodeTheory]
    [InlineData("gemini", "gemini-batch-reply", "")]
    [InlineData("cohere", "cohere-reply", "")]
    [InlineData("ollama", "ollama-reply", """, "paths": { "embeddings": null }""")]
    public async Task Embeddings_OfAProvider_AreAsDescribed(string type, string golden, string more)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Json(GoldenFile.Text($"embeddings/{golden}.json")));
        await using var gateway = await GatewayHost.StartAsync(
            $$""" "providers": { "up": { "type": "{{type}}", "baseUrl": "{{upstream.BaseUri.GetLeftPart(UriPartial.Authority)}}", "apiKey": "env:UP_KEY"{{more}} } } """);

        var reply = await RawReply.PostAsync(gateway, "/v1/embeddings", """{ "model": "up/m", "input": ["a", "b"] }""");

        Assert.True(reply.Status == 200, reply.Text);
        await judge.CheckAsync("CreateEmbeddingResponse", JsonNode.Parse(reply.Text));
    }
}
