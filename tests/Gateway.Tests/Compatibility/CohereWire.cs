using System.Text.Json.Nodes;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Compatibility;

internal sealed class CohereWire : ClientWire
{
    public override string Name => "Cohere";

    public override string Provider => "co";

    public override string Settings => """ "type": "cohere", "apiKey": "env:UP_KEY" """;

    public override JsonNode RateLimit => Json("""{"id":"e1","message":"slow down"}""");

    public override string Path(string model, bool stream) => "/cohere/v2/chat";

    public override JsonNode Ask(Feature feature, string model, bool stream)
    {
        var body = new JsonObject { ["model"] = model, ["messages"] = Messages(feature), ["max_tokens"] = 4000, ["stream"] = stream };
        if (CitiesOf(feature).Length > 0)
            body["tools"] = Array(new JsonObject { ["type"] = "function", ["function"] = new JsonObject { ["name"] = "get_weather", ["description"] = "Weather of a city", ["parameters"] = Parameters } });
        if (feature == Feature.Structured)
            body["response_format"] = new JsonObject { ["type"] = "json_object", ["json_schema"] = Schema };
        if (feature == Feature.Thinking)
            body["thinking"] = Json("""{"type":"enabled","token_budget":2000}""");
        return body;
    }

    public override Answer ReadWhole(JsonNode reply)
    {
        var answer = new Answer { Finish = Finish((string?)reply["finish_reason"]) };
        foreach (var part in reply["message"]!["content"]?.AsArray() ?? [])
        {
            answer.Text += (string?)part!["text"];
            answer.Thinking += (string?)part["thinking"];
        }

        foreach (var call in reply["message"]!["tool_calls"]?.AsArray() ?? [])
            answer.Calls.Add(((string)call!["function"]!["name"]!, Compact((string)call["function"]!["arguments"]!)));
        Usage(reply["usage"]!, answer);
        return answer;
    }

    public override Answer ReadStream(byte[] stream)
    {
        var answer = new Answer();
        var calls = new List<(string Name, string Arguments)>();
        foreach (var data in SseData(stream, out _))
        {
            var message = data["delta"]?["message"];
            switch ((string)data["type"]!)
            {
                case "content-start" or "content-delta":
                    answer.Text += (string?)message!["content"]!["text"];
                    answer.Thinking += (string?)message["content"]!["thinking"];
                    break;
                case "tool-call-start":
                    Assert.Equal(calls.Count, (int)data["index"]!);
                    calls.Add(((string)message!["tool_calls"]!["function"]!["name"]!, (string?)message["tool_calls"]!["function"]!["arguments"] ?? ""));
                    break;
                case "tool-call-delta":
                    var index = (int)data["index"]!;
                    calls[index] = (calls[index].Name, calls[index].Arguments + (string?)message!["tool_calls"]!["function"]!["arguments"]);
                    break;
                case "message-end":
                    answer.Finish = Finish((string?)data["delta"]!["finish_reason"]);
                    Usage(data["delta"]!["usage"]!, answer);
                    answer.Ended = true;
                    break;
            }
        }

        answer.Calls.AddRange(calls.Select(c => (c.Name, Compact(c.Arguments))));
        return answer;
    }

    public override void CheckRateLimit(JsonNode error, HttpResponseMessage response) => Assert.NotNull((string?)error["message"]);

    public override bool AsksStream(UpstreamExchange exchange, JsonNode body) => (bool?)body["stream"] == true;

    public override void CheckAsked(Feature feature, JsonNode body)
    {
        var messages = body["messages"]!.AsArray();
        Assert.Equal("system", (string?)messages[0]!["role"]);
        if (CitiesOf(feature).Length > 0)
            Assert.Equal("get_weather", (string?)body["tools"]![0]!["function"]!["name"]);
        if (feature == Feature.Structured)
            Assert.NotNull((body["response_format"]!["json_schema"] ?? body["response_format"]!["schema"])!["properties"]!["answer"]);
        if (feature == Feature.Image)
            Assert.Contains(Image, messages[^1]!.ToJsonString().Replace("\\u002B", "+", StringComparison.Ordinal));
        if (feature == Feature.Thinking)
            Assert.Equal("enabled", (string?)body["thinking"]!["type"]);
        if (feature == Feature.ParallelTools)
        {
            var call = messages.Single(m => m!["tool_calls"] is not null)!;
            var results = messages.Where(m => (string?)m!["role"] == "tool").ToArray();
            Assert.Equal(call["tool_calls"]!.AsArray().Select(c => (string?)c!["id"]), results.Select(r => (string?)r!["tool_call_id"]));
            Assert.Contains("sunny", results[0]!.ToJsonString());
            Assert.Contains("rainy", results[1]!.ToJsonString());
        }
    }

    public override JsonNode Reply(Feature feature, JsonNode asked)
    {
        var message = new JsonObject { ["role"] = "assistant" };
        var content = Contents(feature);
        if (content.Count > 0)
            message["content"] = Array(content);
        if (CitiesOf(feature).Length > 0)
            message["tool_calls"] = Array(CitiesOf(feature).Select((city, i) => Call(city, i)));
        return new JsonObject { ["id"] = "c1", ["finish_reason"] = CitiesOf(feature).Length > 0 ? "TOOL_CALL" : "COMPLETE", ["message"] = message, ["usage"] = UsageJson() };
    }

    public override IEnumerable<byte[]> Stream(Feature feature, JsonNode asked)
    {
        yield return Named(Json("""{"type":"message-start","id":"c1","delta":{"message":{"role":"assistant","content":[],"tool_plan":"","tool_calls":[],"citations":[]}}}"""));
        var index = 0;
        foreach (var part in Contents(feature))
        {
            var kind = (string)part["type"]!;
            yield return Named(Delta("content-start", index, new JsonObject { ["content"] = new JsonObject { ["type"] = kind, [kind] = "" } }));
            foreach (var piece in Pieces((string)part[kind]!))
                yield return Named(Delta("content-delta", index, new JsonObject { ["content"] = new JsonObject { [kind] = piece } }));
            yield return Named(Json($$"""{"type":"content-end","index":{{index++}}}"""));
        }

        foreach (var (city, i) in CitiesOf(feature).Select((city, i) => (city, i)))
        {
            var call = Call(city, i);
            var arguments = (string)call["function"]!["arguments"]!;
            call["function"]!["arguments"] = "";
            yield return Named(Delta("tool-call-start", i, new JsonObject { ["tool_calls"] = call }));
            foreach (var piece in Pieces(arguments))
                yield return Named(Delta("tool-call-delta", i, new JsonObject { ["tool_calls"] = new JsonObject { ["function"] = new JsonObject { ["arguments"] = piece } } }));
            yield return Named(Json($$"""{"type":"tool-call-end","index":{{i}}}"""));
        }

        yield return Named(new JsonObject { ["type"] = "message-end", ["delta"] = new JsonObject { ["finish_reason"] = CitiesOf(feature).Length > 0 ? "TOOL_CALL" : "COMPLETE", ["usage"] = UsageJson() } });
        yield return "data: [DONE]\n\n"u8.ToArray();
    }

    private static JsonObject Delta(string type, int index, JsonNode message) => new() { ["type"] = type, ["index"] = index, ["delta"] = new JsonObject { ["message"] = message } };

    private static List<JsonNode> Contents(Feature feature)
    {
        var content = new List<JsonNode>();
        if (feature == Feature.Thinking)
            content.Add(Json("""{"type":"thinking","thinking":"Let me think."}"""));
        if (CitiesOf(feature).Length == 0)
            content.Add(new JsonObject { ["type"] = "text", ["text"] = TextOf(feature) });
        return content;
    }

    private static JsonNode UsageJson() => Json("""{"billed_units":{"input_tokens":11,"output_tokens":4},"tokens":{"input_tokens":12,"output_tokens":5}}""");

    private static JsonArray Messages(Feature feature)
    {
        var messages = Array(Json("""{"role":"system","content":"Be brief."}"""), feature == Feature.Image
            ? Json($$$"""{"role":"user","content":[{"type":"text","text":"What is this?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,{{{Image}}}"}}]}""")
            : Json("""{"role":"user","content":"Hi"}"""));
        if (feature == Feature.ParallelTools)
        {
            messages.Add(new JsonObject { ["role"] = "assistant", ["tool_plan"] = "I will look.", ["tool_calls"] = Array(Call("Bern", 0), Call("Kyiv", 1)) });
            messages.Add(Json("""{"role":"tool","tool_call_id":"call_0","content":"sunny"}"""));
            messages.Add(Json("""{"role":"tool","tool_call_id":"call_1","content":[{"type":"document","document":{"data":"rainy"}}]}"""));
        }

        return messages;
    }

    private static JsonNode Call(string city, int index) => Json($$$$"""{"id":"call_{{{{index}}}}","type":"function","function":{"name":"get_weather","arguments":"{\"city\":\"{{{{city}}}}\"}"}}""");

    private static string? Finish(string? reason) => reason switch
    {
        "COMPLETE" or "STOP_SEQUENCE" => "stop",
        "MAX_TOKENS" => "length",
        "TOOL_CALL" => "tool_calls",
        _ => reason,
    };

    private static void Usage(JsonNode usage, Answer answer)
    {
        answer.Input = (long)usage["tokens"]!["input_tokens"]!;
        answer.Output = (long)usage["tokens"]!["output_tokens"]!;
    }
}
