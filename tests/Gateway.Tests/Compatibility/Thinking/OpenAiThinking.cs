using System.Text.Json.Nodes;

namespace Gateway.Tests.Compatibility.Thinking;

/// <summary>OpenAI's Responses without state: reasoning items with summaries and encrypted content.</summary>
internal sealed class OpenAiThinking : ThinkingProvider
{
    public override string Model => "oai/gpt-5";

    public override IReadOnlyList<JsonArray> Turns { get; } =
    [
        Turn("""
        [{"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"Paris first: “météo”."}],"encrypted_content":"gAAAAABo+/First=="},
         {"id":"fc_1","type":"function_call","status":"completed","call_id":"call_paris","name":"get_weather","arguments":"{\"city\":\"Paris\"}"}]
        """),
        Turn("""
        [{"id":"rs_2","type":"reasoning","summary":[],"encrypted_content":"gAAAAABo+/Second=="},
         {"id":"fc_2","type":"function_call","status":"completed","call_id":"call_rome","name":"get_weather","arguments":"{\"city\":\"Rome\"}"},
         {"id":"fc_3","type":"function_call","status":"completed","call_id":"call_oslo","name":"get_weather","arguments":"{\"city\":\"Oslo\"}"}]
        """),
        Turn("""
        [{"id":"rs_3","type":"reasoning","summary":[{"type":"summary_text","text":"All are known."}],"encrypted_content":"gAAAAABo+/Third=="},
         {"id":"msg_3","type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Done.","annotations":[]}]}]
        """),
    ];

    protected override string[] ProofMembers => ["encrypted_content"];

    protected override JsonNode Whole(JsonArray turn) => Response(turn, "completed");

    protected override IEnumerable<byte[]> Stream(JsonArray turn)
    {
        var number = 0;
        yield return Emit("response.created", new JsonObject { ["response"] = Response([], "in_progress") });
        for (var i = 0; i < turn.Count; i++)
        {
            var item = turn[i]!;
            yield return Emit("response.output_item.added", new JsonObject { ["output_index"] = i, ["item"] = Begun(item) });
            foreach (var (type, data) in Deltas(item))
            {
                data["output_index"] = i;
                data["item_id"] = (string?)item["id"];
                yield return Emit(type, data);
            }

            yield return Emit("response.output_item.done", new JsonObject { ["output_index"] = i, ["item"] = item.DeepClone() });
        }

        yield return Emit("response.completed", new JsonObject { ["response"] = Response(turn, "completed") });

        byte[] Emit(string type, JsonObject data)
        {
            data["type"] = type;
            data["sequence_number"] = number++;
            return ThinkingJson.Named(data);
        }
    }

    protected override void CheckTurns(JsonNode asked, int turns)
    {
        var said = asked["input"]!.AsArray().Where(i => (string?)i!["type"] is "reasoning" or "function_call" || (string?)i["role"] == "assistant").ToArray();
        Same(Turns.Take(turns).SelectMany(t => t).Select(Essence), said.Select(Essence));
    }

    /// <summary>An item without what a history need not repeat.</summary>
    private static JsonNode Essence(JsonNode? item) => (string?)item!["type"] switch
    {
        "reasoning" => new JsonObject { ["id"] = (string?)item["id"], ["summary"] = item["summary"]!.DeepClone(), ["encrypted_content"] = (string?)item["encrypted_content"] },
        "function_call" => new JsonObject { ["call_id"] = (string?)item["call_id"], ["arguments"] = (string?)item["arguments"] },
        _ => new JsonObject { ["text"] = item["content"] is JsonArray parts ? string.Concat(parts.Select(p => (string?)p!["text"])) : (string?)item["content"] },
    };

    private static IEnumerable<(string Type, JsonObject Data)> Deltas(JsonNode item)
    {
        switch ((string)item["type"]!)
        {
            case "reasoning" when item["summary"]!.AsArray() is [{ } summary]:
                yield return ("response.reasoning_summary_part.added", new JsonObject { ["summary_index"] = 0, ["part"] = ThinkingJson.Parse("""{"type":"summary_text","text":""}""") });
                foreach (var piece in ThinkingJson.Pieces((string)summary["text"]!))
                    yield return ("response.reasoning_summary_text.delta", new JsonObject { ["summary_index"] = 0, ["delta"] = piece });
                yield return ("response.reasoning_summary_text.done", new JsonObject { ["summary_index"] = 0, ["text"] = (string?)summary["text"] });
                yield return ("response.reasoning_summary_part.done", new JsonObject { ["summary_index"] = 0, ["part"] = summary.DeepClone() });
                break;
            case "message":
                var text = (string)item["content"]![0]!["text"]!;
                yield return ("response.content_part.added", new JsonObject { ["content_index"] = 0, ["part"] = ThinkingJson.Parse("""{"type":"output_text","text":"","annotations":[]}""") });
                foreach (var piece in ThinkingJson.Pieces(text))
                    yield return ("response.output_text.delta", new JsonObject { ["content_index"] = 0, ["delta"] = piece });
                yield return ("response.output_text.done", new JsonObject { ["content_index"] = 0, ["text"] = text });
                break;
            case "function_call":
                foreach (var piece in ThinkingJson.Pieces((string)item["arguments"]!))
                    yield return ("response.function_call_arguments.delta", new JsonObject { ["delta"] = piece });
                yield return ("response.function_call_arguments.done", new JsonObject { ["arguments"] = (string?)item["arguments"] });
                break;
        }
    }

    private static JsonNode Begun(JsonNode item)
    {
        var begun = item.DeepClone();
        foreach (var member in new[] { "content", "summary" })
        {
            if (begun[member] is not null)
                begun[member] = new JsonArray();
        }

        if (begun["arguments"] is not null)
            begun["arguments"] = "";
        return begun;
    }

    private static JsonObject Response(IEnumerable<JsonNode?> items, string status) => new()
    {
        ["id"] = "resp_1",
        ["object"] = "response",
        ["created_at"] = 1700000000,
        ["status"] = status,
        ["model"] = "gpt-5",
        ["output"] = ThinkingJson.Array(items),
        ["usage"] = status == "completed" ? ThinkingJson.Parse("""{"input_tokens":12,"input_tokens_details":{"cached_tokens":0},"output_tokens":5,"output_tokens_details":{"reasoning_tokens":2},"total_tokens":17}""") : null,
    };

    private static JsonArray Turn([System.Diagnostics.CodeAnalysis.StringSyntax("Json")] string items) => ThinkingJson.Parse(items).AsArray();
}
