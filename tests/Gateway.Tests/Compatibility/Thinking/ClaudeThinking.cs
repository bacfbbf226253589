using System.Text.Json.Nodes;

namespace Gateway.Tests.Compatibility.Thinking;

/// <summary>Claude behind Anthropic's own API: signed and redacted thoughts, also between text and a call.</summary>
internal sealed class ClaudeThinking : ThinkingProvider
{
    public override string Model => "claude/claude-sonnet-4-5";

    public override IReadOnlyList<JsonArray> Turns { get; } =
    [
        Turn("""
        [{"type":"thinking","thinking":"Paris first: “météo”.","signature":"EqQBCgIYAhIM1+/aZq3b6dJpQkYx=="},
         {"type":"redacted_thinking","data":"EmwKAhgBEgy3va4pzix/LafPs+v="},
         {"type":"text","text":"Let me look."},
         {"type":"tool_use","id":"toolu_01Paris","name":"get_weather","input":{"city":"Paris"}}]
        """),
        Turn("""
        [{"type":"thinking","thinking":"Paris is known.","signature":"ErUBCkYIAxgCIkDw+/Second=="},
         {"type":"text","text":"Paris is sunny."},
         {"type":"thinking","thinking":"Now Rome and Oslo.","signature":"ErUBCkYIAxgCIkDw+/Third=="},
         {"type":"tool_use","id":"toolu_02Rome","name":"get_weather","input":{"city":"Rome"}},
         {"type":"tool_use","id":"toolu_03Oslo","name":"get_weather","input":{"city":"Oslo"}}]
        """),
        Turn("""
        [{"type":"thinking","thinking":"All are known.","signature":"ErUBCkYIAxgCIkDw+/Fourth=="},
         {"type":"text","text":"Done."}]
        """),
    ];

    protected override string[] ProofMembers => ["signature", "data"];

    protected override JsonNode Whole(JsonArray turn) => new JsonObject
    {
        ["id"] = "msg_1",
        ["type"] = "message",
        ["role"] = "assistant",
        ["model"] = "claude-sonnet-4-5",
        ["content"] = turn.DeepClone(),
        ["stop_reason"] = Stop(turn),
        ["stop_sequence"] = null,
        ["usage"] = ThinkingJson.Parse("""{"input_tokens":12,"output_tokens":5}"""),
    };

    protected override IEnumerable<byte[]> Stream(JsonArray turn)
    {
        yield return ThinkingJson.Named(ThinkingJson.Parse("""{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-5","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":12,"output_tokens":1}}}"""));
        for (var i = 0; i < turn.Count; i++)
        {
            foreach (var data in Block(turn[i]!))
            {
                data["index"] = i;
                yield return ThinkingJson.Named(data);
            }
        }

        yield return ThinkingJson.Named(new JsonObject { ["type"] = "message_delta", ["delta"] = new JsonObject { ["stop_reason"] = Stop(turn), ["stop_sequence"] = null }, ["usage"] = new JsonObject { ["output_tokens"] = 5 } });
        yield return ThinkingJson.Named(ThinkingJson.Parse("""{"type":"message_stop"}"""));
    }

    protected override void CheckTurns(JsonNode asked, int turns)
    {
        var said = asked["messages"]!.AsArray().Where(m => (string?)m!["role"] == "assistant").Select(m => m!["content"]!.AsArray()).ToArray();
        Assert.Equal(turns, said.Length);
        for (var i = 0; i < turns; i++)
            Same(Turns[i], Joined(said[i]));
    }

    private static IEnumerable<JsonObject> Block(JsonNode block)
    {
        var (start, deltas) = (block.DeepClone(), new List<JsonObject>());
        switch ((string)block["type"]!)
        {
            case "thinking":
                start["thinking"] = "";
                start["signature"] = "";
                deltas.AddRange(ThinkingJson.Pieces((string)block["thinking"]!).Select(p => new JsonObject { ["type"] = "thinking_delta", ["thinking"] = p }));
                deltas.Add(new JsonObject { ["type"] = "signature_delta", ["signature"] = (string?)block["signature"] });
                break;
            case "text":
                start["text"] = "";
                deltas.AddRange(ThinkingJson.Pieces((string)block["text"]!).Select(p => new JsonObject { ["type"] = "text_delta", ["text"] = p }));
                break;
            case "tool_use":
                start["input"] = new JsonObject();
                deltas.AddRange(ThinkingJson.Pieces(ThinkingJson.Text(block["input"])).Select(p => new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = p }));
                break;
        }

        yield return new JsonObject { ["type"] = "content_block_start", ["content_block"] = start };
        foreach (var delta in deltas)
            yield return new JsonObject { ["type"] = "content_block_delta", ["delta"] = delta };
        yield return new JsonObject { ["type"] = "content_block_stop" };
    }

    private static string Stop(JsonArray turn) => (string?)turn[^1]!["type"] == "tool_use" ? "tool_use" : "end_turn";

    private static JsonArray Turn([System.Diagnostics.CodeAnalysis.StringSyntax("Json")] string blocks) => ThinkingJson.Parse(blocks).AsArray();
}
