using System.Text.Json.Nodes;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Compatibility.Thinking;

/// <summary>Claude behind Bedrock's Converse.</summary>
internal sealed class BedrockThinking : ThinkingProvider
{
    public override string Model => "aws/anthropic.claude-sonnet-4-5";

    public override IReadOnlyList<JsonArray> Turns { get; } =
    [
        Turn("""
        [{"reasoningContent":{"reasoningText":{"text":"Paris first: “météo”.","signature":"EqQBCgIYAhIM1+/aZq3b6dJpQkYx=="}}},
         {"reasoningContent":{"redactedContent":"EmwKAhgBEgy3va4pzix/LafPs+vM"}},
         {"text":"Let me look."},
         {"toolUse":{"toolUseId":"tooluse_01Paris","name":"get_weather","input":{"city":"Paris"}}}]
        """),
        Turn("""
        [{"reasoningContent":{"reasoningText":{"text":"Paris is known.","signature":"ErUBCkYIAxgCIkDw+/Second=="}}},
         {"text":"Paris is sunny."},
         {"reasoningContent":{"reasoningText":{"text":"Now Rome and Oslo.","signature":"ErUBCkYIAxgCIkDw+/Third=="}}},
         {"toolUse":{"toolUseId":"tooluse_02Rome","name":"get_weather","input":{"city":"Rome"}}},
         {"toolUse":{"toolUseId":"tooluse_03Oslo","name":"get_weather","input":{"city":"Oslo"}}}]
        """),
        Turn("""
        [{"reasoningContent":{"reasoningText":{"text":"All are known.","signature":"ErUBCkYIAxgCIkDw+/Fourth=="}}},
         {"text":"Done."}]
        """),
    ];

    protected override string[] ProofMembers => ["signature", "redactedContent"];

    protected override string StreamType => "application/vnd.amazon.eventstream";

    protected override bool AsksStream(UpstreamExchange exchange) => exchange.Target.EndsWith("/converse-stream", StringComparison.Ordinal);

    protected override JsonNode Whole(JsonArray turn) => new JsonObject
    {
        ["output"] = new JsonObject { ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = turn.DeepClone() } },
        ["stopReason"] = Stop(turn),
        ["usage"] = ThinkingJson.Parse("""{"inputTokens":12,"outputTokens":5,"totalTokens":17}"""),
        ["metrics"] = ThinkingJson.Parse("""{"latencyMs":3}"""),
    };

    protected override IEnumerable<byte[]> Stream(JsonArray turn)
    {
        yield return BedrockWire.Message("messageStart", ThinkingJson.Parse("""{"role":"assistant"}"""));
        for (var i = 0; i < turn.Count; i++)
        {
            if (turn[i]!["toolUse"] is { } call)
                yield return BedrockWire.Message("contentBlockStart", new JsonObject { ["contentBlockIndex"] = i, ["start"] = new JsonObject { ["toolUse"] = new JsonObject { ["toolUseId"] = (string?)call["toolUseId"], ["name"] = (string?)call["name"] } } });
            foreach (var delta in Deltas(turn[i]!))
                yield return BedrockWire.Message("contentBlockDelta", new JsonObject { ["contentBlockIndex"] = i, ["delta"] = delta });
            yield return BedrockWire.Message("contentBlockStop", new JsonObject { ["contentBlockIndex"] = i });
        }

        yield return BedrockWire.Message("messageStop", new JsonObject { ["stopReason"] = Stop(turn) });
        yield return BedrockWire.Message("metadata", ThinkingJson.Parse("""{"usage":{"inputTokens":12,"outputTokens":5,"totalTokens":17},"metrics":{"latencyMs":3}}"""));
    }

    protected override void CheckTurns(JsonNode asked, int turns)
    {
        var said = asked["messages"]!.AsArray().Where(m => (string?)m!["role"] == "assistant").Select(m => m!["content"]!.AsArray()).ToArray();
        Assert.Equal(turns, said.Length);
        for (var i = 0; i < turns; i++)
            Same(Turns[i], Joined(said[i]));
    }

    private static IEnumerable<JsonObject> Deltas(JsonNode block)
    {
        if ((string?)block["text"] is { } text)
            return ThinkingJson.Pieces(text).Select(p => new JsonObject { ["text"] = p });
        if (block["toolUse"] is { } call)
            return ThinkingJson.Pieces(ThinkingJson.Text(call["input"])).Select(p => new JsonObject { ["toolUse"] = new JsonObject { ["input"] = p } });
        if ((string?)block["reasoningContent"]!["redactedContent"] is { } redacted)
            return [Reasoning("redactedContent", redacted)];
        var thought = block["reasoningContent"]!["reasoningText"]!;
        return ThinkingJson.Pieces((string)thought["text"]!).Select(p => Reasoning("text", p)).Append(Reasoning("signature", (string)thought["signature"]!));
    }

    private static JsonObject Reasoning(string member, string value) => new() { ["reasoningContent"] = new JsonObject { [member] = value } };

    private static string Stop(JsonArray turn) => turn[^1]!["toolUse"] is not null ? "tool_use" : "end_turn";

    private static JsonArray Turn([System.Diagnostics.CodeAnalysis.StringSyntax("Json")] string blocks) => ThinkingJson.Parse(blocks).AsArray();
}
