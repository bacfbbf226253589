using System.Text.Json.Nodes;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Compatibility;

internal sealed class AnthropicWire : ClientWire
{
    public override string Name => "Anthropic";

    public override string Provider => "claude";

    public override string Settings => """ "type": "anthropic", "apiKey": "env:UP_KEY" """;

    public override JsonNode RateLimit => Json("""{"type":"error","error":{"type":"rate_limit_error","message":"slow down"},"request_id":"req_1"}""");

    public override string Path(string model, bool stream) => "/anthropic/v1/messages";

    public override JsonNode Ask(Feature feature, string model, bool stream)
    {
        var body = new JsonObject { ["model"] = model, ["max_tokens"] = 4000, ["system"] = "Be brief.", ["messages"] = Messages(feature), ["stream"] = stream };
        if (CitiesOf(feature).Length > 0)
            body["tools"] = Array(new JsonObject { ["name"] = "get_weather", ["description"] = "Weather of a city", ["input_schema"] = Parameters });
        if (feature == Feature.Structured)
            body["output_config"] = new JsonObject { ["format"] = new JsonObject { ["type"] = "json_schema", ["schema"] = Schema } };
        if (feature == Feature.Thinking)
            body["thinking"] = Json("""{"type":"enabled","budget_tokens":2000}""");
        return body;
    }

    public override Answer ReadWhole(JsonNode reply)
    {
        Assert.Equal("message", (string?)reply["type"]);
        var answer = new Answer { Finish = Finish((string?)reply["stop_reason"]) };
        foreach (var block in reply["content"]!.AsArray())
            Take(block!, answer, (string?)block!["text"] ?? "", (string?)block["thinking"] ?? "", block["input"]?.ToJsonString() ?? "");
        Usage(reply["usage"]!, answer);
        return answer;
    }

    public override Answer ReadStream(byte[] stream)
    {
        var answer = new Answer();
        var blocks = new List<(JsonNode Block, string Text, string Thinking, string Input)>();
        var open = -1;
        foreach (var data in SseData(stream, out _))
        {
            Assert.False(answer.Ended);
            switch ((string)data["type"]!)
            {
                case "message_start":
                    Usage(data["message"]!["usage"]!, answer);
                    break;
                case "content_block_start":
                    Assert.Equal(-1, open);
                    open = (int)data["index"]!;
                    Assert.Equal(blocks.Count, open);
                    blocks.Add((data["content_block"]!, "", "", ""));
                    break;
                case "content_block_delta":
                    Assert.Equal(open, (int)data["index"]!);
                    var (block, text, thinking, input) = blocks[open];
                    blocks[open] = (block, text + (string?)data["delta"]!["text"], thinking + (string?)data["delta"]!["thinking"], input + (string?)data["delta"]!["partial_json"]);
                    break;
                case "content_block_stop":
                    Assert.Equal(open, (int)data["index"]!);
                    open = -1;
                    break;
                case "message_delta":
                    answer.Finish = Finish((string?)data["delta"]!["stop_reason"]);
                    Usage(data["usage"]!, answer);
                    break;
                case "message_stop":
                    answer.Ended = true;
                    break;
            }
        }

        Assert.Equal(-1, open);
        foreach (var (block, text, thinking, input) in blocks)
            Take(block, answer, text, thinking, input.Length == 0 ? "{}" : input);
        return answer;
    }

    public override void CheckRateLimit(JsonNode error, HttpResponseMessage response)
    {
        Assert.Equal("error", (string?)error["type"]);
        Assert.Equal("rate_limit_error", (string?)error["error"]!["type"]);
    }

    public override bool AsksStream(UpstreamExchange exchange, JsonNode body) => (bool?)body["stream"] == true;

    public override void CheckAsked(Feature feature, JsonNode body)
    {
        Assert.Contains("Be brief.", body["system"]!.ToJsonString());
        Assert.True((long)body["max_tokens"]! > 0);
        var messages = body["messages"]!.AsArray();
        if (CitiesOf(feature).Length > 0)
            Assert.Equal("string", (string?)body["tools"]![0]!["input_schema"]!["properties"]!["city"]!["type"]);
        if (feature == Feature.Structured)
            Assert.NotNull((body["output_config"]?["format"]?["schema"] ?? body["tools"]![0]!["input_schema"])!["properties"]!["answer"]);
        if (feature == Feature.Image)
            Assert.Equal(Image, (string?)messages[^1]!["content"]!.AsArray().Single(b => (string?)b!["type"] == "image")!["source"]!["data"]);
        if (feature == Feature.Thinking)
            Assert.NotNull(body["thinking"]);
        if (feature == Feature.ParallelTools)
        {
            var calls = messages[1]!["content"]!.AsArray().Where(b => (string?)b!["type"] == "tool_use");
            var results = messages[2]!["content"]!.AsArray().Where(b => (string?)b!["type"] == "tool_result").ToArray();
            Assert.Equal(calls.Select(c => (string?)c!["id"]), results.Select(r => (string?)r!["tool_use_id"]));
            Assert.Contains("sunny", results[0]!.ToJsonString());
            Assert.Contains("rainy", results[1]!.ToJsonString());
        }
    }

    public override JsonNode Reply(Feature feature, JsonNode asked)
    {
        var forced = ForcedTool(feature, asked);
        return new JsonObject
        {
            ["id"] = "msg_1",
            ["type"] = "message",
            ["role"] = "assistant",
            ["model"] = "claude-1",
            ["content"] = Array(Blocks(feature, forced)),
            ["stop_reason"] = CitiesOf(feature).Length > 0 || forced is not null ? "tool_use" : "end_turn",
            ["stop_sequence"] = null,
            ["usage"] = Json("""{"input_tokens":12,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":5}"""),
        };
    }

    public override IEnumerable<byte[]> Stream(Feature feature, JsonNode asked)
    {
        var forced = ForcedTool(feature, asked);
        yield return Named(Json("""{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-1","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":12,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":1}}}"""));
        yield return Named(Json("""{"type":"ping"}"""));
        var index = 0;
        foreach (var block in Blocks(feature, forced))
        {
            foreach (var data in BlockEvents(block, index++))
                yield return Named(data);
        }

        var reason = CitiesOf(feature).Length > 0 || forced is not null ? "tool_use" : "end_turn";
        yield return Named(Json($$$$"""{"type":"message_delta","delta":{"stop_reason":"{{{{reason}}}}","stop_sequence":null},"usage":{"output_tokens":5}}"""));
        yield return Named(Json("""{"type":"message_stop"}"""));
    }

    private static IEnumerable<JsonNode> BlockEvents(JsonNode block, int index)
    {
        var start = block.DeepClone();
        var deltas = new List<JsonNode>();
        switch ((string)block["type"]!)
        {
            case "text":
                start["text"] = "";
                deltas.AddRange(Pieces((string)block["text"]!).Select(p => new JsonObject { ["type"] = "text_delta", ["text"] = p }));
                break;
            case "thinking":
                start["thinking"] = "";
                start["signature"] = "";
                deltas.Add(new JsonObject { ["type"] = "thinking_delta", ["thinking"] = (string)block["thinking"]! });
                deltas.Add(new JsonObject { ["type"] = "signature_delta", ["signature"] = (string)block["signature"]! });
                break;
            default:
                start["input"] = new JsonObject();
                deltas.Add(Json("""{"type":"input_json_delta","partial_json":""}"""));
                deltas.AddRange(Pieces(block["input"]!.ToJsonString()).Select(p => new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = p }));
                break;
        }

        yield return new JsonObject { ["type"] = "content_block_start", ["index"] = index, ["content_block"] = start };
        foreach (var delta in deltas)
            yield return new JsonObject { ["type"] = "content_block_delta", ["index"] = index, ["delta"] = delta };
        yield return new JsonObject { ["type"] = "content_block_stop", ["index"] = index };
    }

    private static List<JsonNode> Blocks(Feature feature, string? forced)
    {
        var blocks = new List<JsonNode>();
        if (feature == Feature.Thinking)
            blocks.Add(Json("""{"type":"thinking","thinking":"Let me think.","signature":"c2ln"}"""));
        if (forced is not null)
            blocks.Add(new JsonObject { ["type"] = "tool_use", ["id"] = "toolu_9", ["name"] = forced, ["input"] = Json(TextOf(feature)) });
        else if (CitiesOf(feature).Length == 0)
            blocks.Add(new JsonObject { ["type"] = "text", ["text"] = TextOf(feature) });
        blocks.AddRange(CitiesOf(feature).Select((city, i) => Call(city, i)));
        return blocks;
    }

    /// <summary>A provider without structured output is asked by a tool it must call.</summary>
    private static string? ForcedTool(Feature feature, JsonNode asked) =>
        feature == Feature.Structured && asked["output_config"] is null ? (string?)asked["tools"]![0]!["name"] : null;

    private static JsonArray Messages(Feature feature)
    {
        var messages = Array(feature == Feature.Image
            ? Json($$$"""{"role":"user","content":[{"type":"text","text":"What is this?"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"{{{Image}}}"}}]}""")
            : Json("""{"role":"user","content":"Hi"}"""));
        if (feature == Feature.ParallelTools)
        {
            messages.Add(new JsonObject { ["role"] = "assistant", ["content"] = Array(Call("Bern", 0), Call("Kyiv", 1)) });
            messages.Add(Json("""{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_0","content":"sunny"},{"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"text","text":"rainy"}]}]}"""));
        }

        return messages;
    }

    private static JsonNode Call(string city, int index) => Json($$$$"""{"type":"tool_use","id":"toolu_{{{{index}}}}","name":"get_weather","input":{"city":"{{{{city}}}}"}}""");

    private static void Take(JsonNode block, Answer answer, string text, string thinking, string input)
    {
        answer.Text += text;
        answer.Thinking += thinking;
        if ((string?)block["type"] == "tool_use")
            answer.Calls.Add(((string)block["name"]!, Compact(input)));
    }

    private static string? Finish(string? reason) => reason switch
    {
        "end_turn" or "stop_sequence" => "stop",
        "max_tokens" => "length",
        "tool_use" => "tool_calls",
        _ => reason,
    };

    private static void Usage(JsonNode usage, Answer answer)
    {
        answer.Input = (long?)usage["input_tokens"] is { } input and > 0 ? input : answer.Input;
        answer.Output = (long?)usage["output_tokens"] ?? answer.Output;
    }
}
