using System.Net;
using System.Text.Json.Nodes;
using Gateway.Tests.Surfaces;

namespace Gateway.Tests.Compatibility;

/// <summary>Chat completions and responses from a provider of every wire are what OpenAI's own description says, whole and event by event.</summary>
public sealed class TranslatedDescriptionTests(CompatibilityFixture fixture, OpenAiJudge judge) : IClassFixture<CompatibilityFixture>, IClassFixture<OpenAiJudge>
{
    private static readonly (string Model, Feature Feature)[] Asked =
        [("chat", Feature.Chat), ("tools", Feature.Tools), ("parallel", Feature.ParallelTools), ("structured", Feature.Structured), ("thinking", Feature.Thinking)];

    public static TheoryData<string, string> Providers()
    {
        var all = new TheoryData<string, string>();
        foreach (var surface in CompatibilityFixture.Wires.Where(w => w is OpenAiChatWire or ResponsesWire))
        {
            foreach (var provider in CompatibilityFixture.Wires)
                all.Add(surface.Name, provider.Provider);
        }

        return all;
    }

    [NodeTheory]
    [MemberData(nameof(Providers))]
    public async Task Answer_OfEveryProvider_IsAsDescribed(string surfaceName, string provider)
    {
        fixture.Upstream(CompatibilityFixture.ServeAsync);
        var surface = CompatibilityFixture.Wires.Single(w => w.Name == surfaceName);
        var (whole, piece) = surface is ResponsesWire ? ("Response", "ResponseStreamEvent") : ("CreateChatCompletionResponse", "CreateChatCompletionStreamResponse");
        foreach (var (model, feature) in Asked)
        {
            await judge.CheckAsync(whole, JsonNode.Parse(await AskAsync(surface, feature, $"{provider}/{model}", false, HttpStatusCode.OK)));
            Assert.True(await judge.CheckEventsAsync(piece, await AskAsync(surface, feature, $"{provider}/{model}", true, HttpStatusCode.OK)) > 2);
        }
    }

    [NodeTheory]
    [MemberData(nameof(Providers))]
    public async Task Error_OfEveryProvider_IsAsDescribed(string surfaceName, string provider)
    {
        fixture.Upstream(CompatibilityFixture.ServeAsync);
        var surface = CompatibilityFixture.Wires.Single(w => w.Name == surfaceName);
        foreach (var stream in new[] { false, true })
            await judge.CheckAsync("ErrorResponse", JsonNode.Parse(await AskAsync(surface, Feature.Chat, provider + "/limited", stream, HttpStatusCode.TooManyRequests)));
    }

    private async Task<string> AskAsync(ClientWire surface, Feature feature, string model, bool stream, HttpStatusCode expected)
    {
        using var response = await fixture.SendAsync(surface, feature, model, stream);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == expected, body);
        return body;
    }
}
