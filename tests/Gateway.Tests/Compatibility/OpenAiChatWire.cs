using System.Text.Json.Nodes;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Compatibility;

internal sealed class OpenAiChatWire : ClientWire
{
    public override string Name => "OpenAI Chat";

    public override string Provider => "chat";

    public override string Settings => """ "type": "openai-compatible", "apiKey": "env:UP_KEY", "paths": { "responses": null } """;

    public override string BasePath => "/chat/v1";

    public override JsonNode RateLimit => Json("""{"error":{"message":"slow down","type":"rate_limit_error","param":null,"code":"rate_limit_exceeded"}}""");

    public override string Path(string model, bool stream) => "/v1/chat/completions";

    public override JsonNode Ask(Feature feature, string model, bool stream)
    {
        var body = new JsonObject { ["model"] = model, ["messages"] = Messages(feature), ["max_completion_tokens"] = 4000, ["stream"] = stream };
        if (stream)
            body["stream_options"] = new JsonObject { ["include_usage"] = true };
        if (CitiesOf(feature).Length > 0)
            body["tools"] = Array(new JsonObject { ["type"] = "function", ["function"] = new JsonObject { ["name"] = "get_weather", ["description"] = "Weather of a city", ["parameters"] = Parameters } });
        if (feature == Feature.Structured)
            body["response_format"] = new JsonObject { ["type"] = "json_schema", ["json_schema"] = new JsonObject { ["name"] = "answer", ["strict"] = true, ["schema"] = Schema } };
        if (feature == Feature.Thinking)
            body["reasoning_effort"] = "medium";
        return body;
    }

    public override Answer ReadWhole(JsonNode reply)
    {
        var choice = reply["choices"]![0]!;
        var answer = new Answer { Finish = (string?)choice["finish_reason"], Text = (string?)choice["message"]!["content"] ?? "", Thinking = (string?)choice["message"]!["reasoning_content"] ?? "" };
        foreach (var call in choice["message"]!["tool_calls"]?.AsArray() ?? [])
            answer.Calls.Add(((string)call!["function"]!["name"]!, Compact((string)call["function"]!["arguments"]!)));
        Usage(reply["usage"], answer);
        Assert.Equal("chat.completion", (string?)reply["object"]);
        return answer;
    }

    public override Answer ReadStream(byte[] stream)
    {
        var answer = new Answer();
        var calls = new SortedDictionary<int, (string Name, string Arguments)>();
        foreach (var chunk in SseData(stream, out var done))
        {
            Assert.Equal("chat.completion.chunk", (string?)chunk["object"]);
            if (chunk["usage"] is { } usage)
                Usage(usage, answer);
            foreach (var choice in chunk["choices"]!.AsArray())
            {
                answer.Finish = (string?)choice!["finish_reason"] ?? answer.Finish;
                var delta = choice["delta"]!;
                answer.Text += (string?)delta["content"];
                answer.Thinking += (string?)delta["reasoning_content"];
                foreach (var call in delta["tool_calls"]?.AsArray() ?? [])
                {
                    var index = (int)call!["index"]!;
                    var known = calls.GetValueOrDefault(index);
                    calls[index] = (known.Name + (string?)call["function"]?["name"], known.Arguments + (string?)call["function"]?["arguments"]);
                }
            }

            answer.Ended = done;
        }

        answer.Calls.AddRange(calls.Values.Select(c => (c.Name, Compact(c.Arguments))));
        return answer;
    }

    public override void CheckRateLimit(JsonNode error, HttpResponseMessage response) => Assert.Equal("rate_limit_error", (string?)error["error"]!["type"]);

    public override bool AsksStream(UpstreamExchange exchange, JsonNode body) => (bool?)body["stream"] == true;

    public override void CheckAsked(Feature feature, JsonNode body)
    {
        var messages = body["messages"]!.AsArray();
        Assert.Equal("system", (string?)messages[0]!["role"]);
        if (CitiesOf(feature).Length > 0)
            Assert.Equal("get_weather", (string?)body["tools"]![0]!["function"]!["name"]);
        if (feature == Feature.Structured)
            Assert.NotNull(body["response_format"]!["json_schema"]!["schema"]!["properties"]!["answer"]);
        if (feature == Feature.Image)
            Assert.Contains(Image, messages[^1]!.ToJsonString().Replace("\\u002B", "+", StringComparison.Ordinal));
        if (feature == Feature.ParallelTools)
        {
            var call = messages.Single(m => m!["tool_calls"] is not null)!;
            var results = messages.Where(m => (string?)m!["role"] == "tool").ToArray();
            Assert.Equal(call["tool_calls"]!.AsArray().Select(c => (string?)c!["id"]), results.Select(r => (string?)r!["tool_call_id"]));
            Assert.Equal(["sunny", "rainy"], results.Select(r => r!["content"] is JsonArray parts ? (string?)parts[0]!["text"] : (string?)r["content"]));
        }
    }

    public override JsonNode Reply(Feature feature, JsonNode asked)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = CitiesOf(feature).Length > 0 ? null : TextOf(feature), ["refusal"] = null };
        if (feature == Feature.Thinking)
            message["reasoning_content"] = "Let me think.";
        if (CitiesOf(feature).Length > 0)
            message["tool_calls"] = Array(CitiesOf(feature).Select((city, i) => (JsonNode)Call(city, i)));
        return new JsonObject
        {
            ["id"] = "chatcmpl-1",
            ["object"] = "chat.completion",
            ["created"] = 1700000000,
            ["model"] = "m-1",
            ["choices"] = Array(new JsonObject { ["index"] = 0, ["message"] = message, ["logprobs"] = null, ["finish_reason"] = CitiesOf(feature).Length > 0 ? "tool_calls" : "stop" }),
            ["usage"] = Json("""{"prompt_tokens":12,"completion_tokens":5,"total_tokens":17}"""),
        };
    }

    public override IEnumerable<byte[]> Stream(Feature feature, JsonNode asked)
    {
        yield return Chunk(Json("""{"role":"assistant","content":""}"""));
        if (feature == Feature.Thinking)
            yield return Chunk(Json("""{"reasoning_content":"Let me think."}"""));
        var cities = CitiesOf(feature);
        for (var i = 0; i < cities.Length; i++)
        {
            var call = Call(cities[i], i);
            var arguments = (string)call["function"]!["arguments"]!;
            call["index"] = i;
            call["function"]!["arguments"] = "";
            yield return Chunk(new JsonObject { ["tool_calls"] = Array(call) });
            foreach (var piece in Pieces(arguments))
                yield return Chunk(new JsonObject { ["tool_calls"] = Array(new JsonObject { ["index"] = i, ["function"] = new JsonObject { ["arguments"] = piece } }) });
        }

        if (cities.Length == 0)
        {
            foreach (var piece in Pieces(TextOf(feature)))
                yield return Chunk(new JsonObject { ["content"] = piece });
        }

        yield return Chunk(new JsonObject(), cities.Length > 0 ? "tool_calls" : "stop");
        yield return Event(Json("""{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"m-1","choices":[],"usage":{"prompt_tokens":12,"completion_tokens":5,"total_tokens":17}}"""));
        yield return "data: [DONE]\n\n"u8.ToArray();
    }

    private static JsonArray Messages(Feature feature)
    {
        var messages = Array(Json("""{"role":"system","content":"Be brief."}"""));
        if (feature == Feature.Image)
            messages.Add(Json($$$"""{"role":"user","content":[{"type":"text","text":"What is this?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,{{{Image}}}"}}]}"""));
        else
            messages.Add(Json("""{"role":"user","content":"Hi"}"""));
        if (feature == Feature.ParallelTools)
        {
            messages.Add(new JsonObject { ["role"] = "assistant", ["content"] = null, ["tool_calls"] = Array(Call("Bern", 0), Call("Kyiv", 1)) });
            messages.Add(Json("""{"role":"tool","tool_call_id":"call_0","content":"sunny"}"""));
            messages.Add(Json("""{"role":"tool","tool_call_id":"call_1","content":"rainy"}"""));
        }

        return messages;
    }

    private static JsonObject Call(string city, int index) => Json($$$$"""{"id":"call_{{{{index}}}}","type":"function","function":{"name":"get_weather","arguments":"{\"city\":\"{{{{city}}}}\"}"}}""").AsObject();

    private static byte[] Chunk(JsonNode delta, string? finish = null) => Event(new JsonObject
    {
        ["id"] = "chatcmpl-1",
        ["object"] = "chat.completion.chunk",
        ["created"] = 1700000000,
        ["model"] = "m-1",
        ["choices"] = Array(new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finish }),
    });

    private static void Usage(JsonNode? usage, Answer answer)
    {
        if (usage is null)
            return;
        answer.Input = (long)usage["prompt_tokens"]!;
        answer.Output = (long)usage["completion_tokens"]!;
    }
}
