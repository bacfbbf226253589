using System.Net;
using System.Text;
using Gateway.Tests.Compatibility.Thinking;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Compatibility;

/// <summary>
/// Conversations of three turns with thinking and tools, over real HTTP: what proves the model's thoughts comes back to it to the byte and
/// in its place, whichever API the client speaks, and never reaches another vendor.
/// </summary>
public sealed class ThinkingConversationTests(CompatibilityFixture fixture) : IClassFixture<CompatibilityFixture>
{
    private static readonly string[] Clients = ["anthropic", "chat", "chat lining up", "gemini", "responses"];

    private static readonly Dictionary<string, ThinkingProvider> Providers = new()
    {
        ["claude"] = new ClaudeThinking(),
        ["aws"] = new BedrockThinking(),
        ["gemini"] = new GeminiThinkingProvider(),
        ["oai"] = new OpenAiThinking(),
    };

    public static TheoryData<string, string, bool> Conversations()
    {
        var conversations = new TheoryData<string, string, bool>();
        foreach (var client in Clients)
        {
            foreach (var provider in Providers.Keys)
            {
                conversations.Add(client, provider, true);
                if (client != "chat lining up")
                    conversations.Add(client, provider, false);
            }
        }

        return conversations;
    }

    public static TheoryData<string, string, string> Moves()
    {
        var moves = new TheoryData<string, string, string>();
        foreach (var client in Clients.Except(["chat lining up"]))
        {
            foreach (var (from, to) in new[] { ("claude", "gemini"), ("claude", "oai"), ("aws", "gemini"), ("gemini", "claude"), ("gemini", "aws"), ("gemini", "oai"), ("oai", "claude"), ("oai", "aws"), ("oai", "gemini") })
                moves.Add(client, from, to);
        }

        return moves;
    }

    [Theory]
    [MemberData(nameof(Conversations))]
    public async Task Conversation_ThreeTurnsOfThinkingAndTools_KeepsEverySignature(string clientName, string providerName, bool stream)
    {
        var (client, provider) = (Client(clientName), Providers[providerName]);
        var asked = new List<UpstreamExchange>();
        fixture.Upstream(exchange =>
        {
            asked.Add(exchange);
            return provider.AnswerAsync(exchange, Math.Min(asked.Count, 3) - 1);
        });

        client.Say("What is the weather in Paris, Rome and Oslo?");
        await TurnAsync(client, provider.Model, stream);
        Assert.Equal(["Paris"], client.Cities);
        await TurnAsync(client, provider.Model, stream);
        Assert.Equal(["Rome", "Oslo"], client.Cities);
        await TurnAsync(client, provider.Model, stream);
        Assert.Equal(("Done.", 0), (client.Text, client.Cities.Count));
        client.Say("And tomorrow?");
        await TurnAsync(client, provider.Model, stream);

        Assert.Equal(4, asked.Count);
        for (var turn = 1; turn < 4; turn++)
            provider.CheckAsked(asked[turn], turn);
    }

    [Theory]
    [MemberData(nameof(Moves))]
    public async Task Conversation_FailsOverToAnotherVendor_LeavesItsSignaturesOutAndSaysSo(string clientName, string from, string to)
    {
        var (client, first, second) = (Client(clientName), Providers[from], Providers[to]);
        var (failing, last) = (false, default(UpstreamExchange));
        fixture.Upstream(exchange =>
        {
            last = exchange;
            if (!exchange.Target.StartsWith($"/{from}/", StringComparison.Ordinal))
                return second.AnswerAsync(exchange, 2);
            if (!failing)
                return first.AnswerAsync(exchange, 0);
            exchange.Context.Response.StatusCode = 500;
            return Task.CompletedTask;
        });

        client.Say("What is the weather in Paris?");
        await TurnAsync(client, CompatibilityFixture.RouteOf(from, to), stream: false);
        failing = true;
        var dropped = await TurnAsync(client, CompatibilityFixture.RouteOf(from, to), stream: false);

        Assert.StartsWith($"/{to}/", last!.Target);
        Assert.Equal("Done.", client.Text);
        Assert.Contains("get_weather", last.BodyText);
        foreach (var proof in first.Proofs(1))
        {
            Assert.DoesNotContain(proof, last.BodyText);
            Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(proof))[4..^4], last.BodyText);
        }

        Assert.DoesNotContain("\"Z3cxO", last.BodyText); // nor wrapped
        Assert.Contains("reasoning", dropped);
    }

    private static ThinkingClient Client(string name) => name switch
    {
        "anthropic" => new AnthropicThinkingClient(),
        "chat" => new ChatThinkingClient(joins: true),
        "chat lining up" => new ChatThinkingClient(joins: false),
        "gemini" => new GeminiThinkingClient(),
        _ => new ResponsesThinkingClient(),
    };

    /// <summary>One call of the client.</summary>
    /// <returns>What was left out.</returns>
    private async Task<string> TurnAsync(ThinkingClient client, string model, bool stream)
    {
        using var response = await fixture.Gateway.PostAsync(client.Path(model, stream), ThinkingJson.Text(client.Ask(model, stream)));
        var body = await response.Content.ReadAsByteArrayAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, Encoding.UTF8.GetString(body));
        client.Take(body, stream);
        return response.Headers.TryGetValues("x-gateway-dropped", out var dropped) ? string.Join(", ", dropped) : "";
    }
}
