using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Compatibility;

internal sealed class BedrockWire : ClientWire
{
    public override string Name => "Bedrock Converse";

    public override string Provider => "aws";

    public override string Settings => """ "type": "bedrock", "apiKey": "env:UP_KEY" """;

    public override string StreamType => "application/vnd.amazon.eventstream";

    public override JsonNode RateLimit => Json("""{"message":"slow down"}""");

    public override (string, string)? RateLimitHeader => ("x-amzn-errortype", "ThrottlingException:http://internal.amazon.com/coral/com.amazon.bedrock/");

    public override string Path(string model, bool stream) => $"/bedrock/model/{Uri.EscapeDataString(model)}/{(stream ? "converse-stream" : "converse")}";

    public override JsonNode Ask(Feature feature, string model, bool stream)
    {
        var body = new JsonObject { ["system"] = Json("""[{"text":"Be brief."}]"""), ["messages"] = Messages(feature), ["inferenceConfig"] = Json("""{"maxTokens":4000}""") };
        if (CitiesOf(feature).Length > 0)
            body["toolConfig"] = new JsonObject { ["tools"] = Array(new JsonObject { ["toolSpec"] = new JsonObject { ["name"] = "get_weather", ["description"] = "Weather of a city", ["inputSchema"] = new JsonObject { ["json"] = Parameters } } }) };
        if (feature == Feature.Structured)
            body["outputConfig"] = new JsonObject { ["textFormat"] = new JsonObject { ["type"] = "json_schema", ["structure"] = new JsonObject { ["jsonSchema"] = new JsonObject { ["name"] = "answer", ["schema"] = Schema.ToJsonString() } } } };
        if (feature == Feature.Thinking)
            body["additionalModelRequestFields"] = Json("""{"thinking":{"type":"enabled","budget_tokens":2000}}""");
        return body;
    }

    public override Answer ReadWhole(JsonNode reply)
    {
        var answer = new Answer { Finish = Finish((string?)reply["stopReason"]) };
        foreach (var block in reply["output"]!["message"]!["content"]!.AsArray())
        {
            answer.Text += (string?)block!["text"];
            answer.Thinking += (string?)block["reasoningContent"]?["reasoningText"]?["text"];
            if (block["toolUse"] is { } call)
                answer.Calls.Add(((string)call["name"]!, call["input"]!.ToJsonString()));
        }

        Usage(reply["usage"]!, answer);
        return answer;
    }

    public override Answer ReadStream(byte[] stream)
    {
        var answer = new Answer();
        var inputs = new SortedDictionary<int, (string Name, string Input)>();
        foreach (var (type, data) in Messages(stream))
        {
            switch (type)
            {
                case "contentBlockStart":
                    var call = data["start"]!["toolUse"]!;
                    inputs.Add((int)data["contentBlockIndex"]!, ((string)call["name"]!, ""));
                    break;
                case "contentBlockDelta":
                    answer.Text += (string?)data["delta"]!["text"];
                    answer.Thinking += (string?)(data["delta"]!["reasoningContent"]?["text"]);
                    if ((string?)data["delta"]!["toolUse"]?["input"] is { } piece)
                    {
                        var index = (int)data["contentBlockIndex"]!;
                        inputs[index] = (inputs[index].Name, inputs[index].Input + piece);
                    }

                    break;
                case "messageStop":
                    answer.Finish = Finish((string?)data["stopReason"]);
                    break;
                case "metadata":
                    Usage(data["usage"]!, answer);
                    answer.Ended = answer.Finish is not null;
                    break;
            }
        }

        answer.Calls.AddRange(inputs.Values.Select(c => (c.Name, Compact(c.Input))));
        return answer;
    }

    public override void CheckRateLimit(JsonNode error, HttpResponseMessage response)
    {
        Assert.NotNull((string?)error["message"]);
        Assert.StartsWith("ThrottlingException", response.Headers.GetValues("x-amzn-errortype").Single());
    }

    public override bool AsksStream(UpstreamExchange exchange, JsonNode body) => exchange.Target.EndsWith("/converse-stream", StringComparison.Ordinal);

    public override void CheckAsked(Feature feature, JsonNode body)
    {
        Assert.Equal("Be brief.", (string?)body["system"]![0]!["text"]);
        var messages = body["messages"]!.AsArray();
        if (CitiesOf(feature).Length > 0)
            Assert.NotNull(body["toolConfig"]!["tools"]![0]!["toolSpec"]!["inputSchema"]!["json"]!["properties"]!["city"]);
        if (feature == Feature.Structured)
            Assert.Contains("answer", (body["outputConfig"]?["textFormat"]?["structure"]?["jsonSchema"]?["schema"] ?? body["toolConfig"]!["tools"]![0]!["toolSpec"]!["inputSchema"])!.ToJsonString());
        if (feature == Feature.Image)
            Assert.Equal(Image, (string?)messages[^1]!["content"]!.AsArray().Single(b => b!["image"] is not null)!["image"]!["source"]!["bytes"]);
        if (feature == Feature.ParallelTools)
        {
            var calls = messages[1]!["content"]!.AsArray().Where(b => b!["toolUse"] is not null);
            var results = messages[2]!["content"]!.AsArray();
            Assert.Equal(calls.Select(c => (string?)c!["toolUse"]!["toolUseId"]), results.Select(r => (string?)r!["toolResult"]!["toolUseId"]));
            Assert.Contains("sunny", results[0]!.ToJsonString());
            Assert.Contains("rainy", results[1]!.ToJsonString());
        }
    }

    public override JsonNode Reply(Feature feature, JsonNode asked)
    {
        var forced = ForcedTool(feature, asked);
        return new JsonObject
        {
            ["output"] = new JsonObject { ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = Array(Blocks(feature, forced)) } },
            ["stopReason"] = CitiesOf(feature).Length > 0 || forced is not null ? "tool_use" : "end_turn",
            ["usage"] = Json("""{"inputTokens":12,"outputTokens":5,"totalTokens":17}"""),
            ["metrics"] = Json("""{"latencyMs":3}"""),
        };
    }

    public override IEnumerable<byte[]> Stream(Feature feature, JsonNode asked)
    {
        var forced = ForcedTool(feature, asked);
        yield return Message("messageStart", Json("""{"role":"assistant"}"""));
        var index = 0;
        foreach (var block in Blocks(feature, forced))
        {
            var deltas = new List<JsonNode>();
            if (block["text"] is { } text)
                deltas.AddRange(Pieces((string)text!).Select(p => new JsonObject { ["text"] = p }));
            if (block["reasoningContent"]?["reasoningText"] is { } reasoning)
            {
                deltas.Add(new JsonObject { ["reasoningContent"] = new JsonObject { ["text"] = (string?)reasoning["text"] } });
                deltas.Add(new JsonObject { ["reasoningContent"] = new JsonObject { ["signature"] = (string?)reasoning["signature"] } });
            }

            if (block["toolUse"] is { } call)
            {
                yield return Message("contentBlockStart", new JsonObject { ["contentBlockIndex"] = index, ["start"] = new JsonObject { ["toolUse"] = new JsonObject { ["toolUseId"] = (string?)call["toolUseId"], ["name"] = (string?)call["name"] } } });
                deltas.AddRange(Pieces(call["input"]!.ToJsonString()).Select(p => new JsonObject { ["toolUse"] = new JsonObject { ["input"] = p } }));
            }

            foreach (var delta in deltas)
                yield return Message("contentBlockDelta", new JsonObject { ["contentBlockIndex"] = index, ["delta"] = delta });
            yield return Message("contentBlockStop", new JsonObject { ["contentBlockIndex"] = index++ });
        }

        yield return Message("messageStop", new JsonObject { ["stopReason"] = CitiesOf(feature).Length > 0 || forced is not null ? "tool_use" : "end_turn" });
        yield return Message("metadata", Json("""{"usage":{"inputTokens":12,"outputTokens":5,"totalTokens":17},"metrics":{"latencyMs":3},"p":"abc"}"""));
    }

    /// <summary>InvokeModel with an Anthropic body: the Anthropic stream, each event in a chunk.</summary>
    public static IEnumerable<byte[]> InvokeStream(AnthropicWire claude, Feature feature, JsonNode asked)
    {
        foreach (var named in claude.Stream(feature, asked))
        {
            var data = Encoding.UTF8.GetString(named).Split('\n')[1]["data: ".Length..];
            yield return Message("chunk", new JsonObject { ["bytes"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(data)) });
        }
    }

    private static List<JsonNode> Blocks(Feature feature, string? forced)
    {
        var blocks = new List<JsonNode>();
        if (feature == Feature.Thinking)
            blocks.Add(Json("""{"reasoningContent":{"reasoningText":{"text":"Let me think.","signature":"c2ln"}}}"""));
        if (forced is not null)
            blocks.Add(new JsonObject { ["toolUse"] = new JsonObject { ["toolUseId"] = "t9", ["name"] = forced, ["input"] = Json(TextOf(feature)) } });
        else if (CitiesOf(feature).Length == 0)
            blocks.Add(new JsonObject { ["text"] = TextOf(feature) });
        blocks.AddRange(CitiesOf(feature).Select((city, i) => Call(city, i)));
        return blocks;
    }

    private static string? ForcedTool(Feature feature, JsonNode asked) =>
        feature == Feature.Structured && asked["outputConfig"] is null ? (string?)asked["toolConfig"]!["tools"]![0]!["toolSpec"]!["name"] : null;

    private static JsonArray Messages(Feature feature)
    {
        var messages = Array(feature == Feature.Image
            ? Json($$$$"""{"role":"user","content":[{"text":"What is this?"},{"image":{"format":"png","source":{"bytes":"{{{{Image}}}}"}}}]}""")
            : Json("""{"role":"user","content":[{"text":"Hi"}]}"""));
        if (feature == Feature.ParallelTools)
        {
            messages.Add(new JsonObject { ["role"] = "assistant", ["content"] = Array(Call("Bern", 0), Call("Kyiv", 1)) });
            messages.Add(Json("""{"role":"user","content":[{"toolResult":{"toolUseId":"t0","content":[{"text":"sunny"}]}},{"toolResult":{"toolUseId":"t1","content":[{"text":"rainy"}],"status":"success"}}]}"""));
        }

        return messages;
    }

    private static JsonNode Call(string city, int index) => Json($$$$"""{"toolUse":{"toolUseId":"t{{{{index}}}}","name":"get_weather","input":{"city":"{{{{city}}}}"}}}""");

    private static string? Finish(string? reason) => reason switch
    {
        "end_turn" or "stop_sequence" => "stop",
        "max_tokens" => "length",
        "tool_use" => "tool_calls",
        _ => reason,
    };

    private static void Usage(JsonNode usage, Answer answer)
    {
        answer.Input = (long)usage["inputTokens"]!;
        answer.Output = (long)usage["outputTokens"]!;
        Assert.Equal(answer.Input + answer.Output, (long)usage["totalTokens"]!);
    }

    /// <summary>One message of an event stream.</summary>
    internal static byte[] Message(string type, JsonNode payload)
    {
        var headers = new ArrayBufferWriter<byte>();
        foreach (var (name, value) in new[] { (":event-type", type), (":content-type", "application/json"), (":message-type", "event") })
        {
            headers.Write<byte>([(byte)name.Length]);
            headers.Write(Encoding.UTF8.GetBytes(name));
            headers.Write<byte>([7, (byte)(value.Length >> 8), (byte)value.Length]);
            headers.Write(Encoding.UTF8.GetBytes(value));
        }

        var body = Encoding.UTF8.GetBytes(payload.ToJsonString());
        var message = new byte[16 + headers.WrittenCount + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(message, message.Length);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(4), headers.WrittenCount);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(8), Crc32.HashToUInt32(message.AsSpan(0, 8)));
        headers.WrittenSpan.CopyTo(message.AsSpan(12));
        body.CopyTo(message, 12 + headers.WrittenCount);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(message.Length - 4), Crc32.HashToUInt32(message.AsSpan(0, message.Length - 4)));
        return message;
    }

    private static List<(string Type, JsonNode Data)> Messages(byte[] stream)
    {
        var messages = new List<(string, JsonNode)>();
        for (var at = 0; at < stream.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(stream.AsSpan(at));
            var message = stream.AsSpan(at, length);
            var headerLength = BinaryPrimitives.ReadInt32BigEndian(message[4..]);
            Assert.Equal(Crc32.HashToUInt32(message[..8]), BinaryPrimitives.ReadUInt32BigEndian(message[8..]));
            Assert.Equal(Crc32.HashToUInt32(message[..^4]), BinaryPrimitives.ReadUInt32BigEndian(message[^4..]));
            var type = "";
            for (var headers = message.Slice(12, headerLength); headers.Length > 0;)
            {
                var name = Encoding.UTF8.GetString(headers.Slice(1, headers[0]));
                headers = headers[(1 + headers[0])..];
                Assert.Equal(7, headers[0]);
                var size = BinaryPrimitives.ReadUInt16BigEndian(headers[1..]);
                if (name is ":event-type" or ":exception-type")
                    type = Encoding.UTF8.GetString(headers.Slice(3, size));
                headers = headers[(3 + size)..];
            }

            messages.Add((type, JsonNode.Parse(message[(12 + headerLength)..^4])!));
            at += length;
        }

        return messages;
    }
}
