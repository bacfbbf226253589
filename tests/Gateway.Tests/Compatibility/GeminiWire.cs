using System.Text.Json.Nodes;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Compatibility;

internal sealed class GeminiWire : ClientWire
{
    public override string Name => "Gemini";

    public override string Provider => "gemini";

    public override string Settings => """ "type": "gemini", "apiKey": "env:UP_KEY" """;

    public override JsonNode RateLimit => Json("""{"error":{"code":429,"message":"slow down","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"30s"}]}}""");

    public override string Path(string model, bool stream) => $"/genai/v1beta/models/{model}:{(stream ? "streamGenerateContent?alt=sse" : "generateContent")}";

    public override JsonNode Ask(Feature feature, string model, bool stream)
    {
        var config = new JsonObject { ["maxOutputTokens"] = 4000 };
        var body = new JsonObject { ["systemInstruction"] = Json("""{"parts":[{"text":"Be brief."}]}"""), ["contents"] = Contents(feature), ["generationConfig"] = config };
        if (CitiesOf(feature).Length > 0)
            body["tools"] = Array(new JsonObject { ["functionDeclarations"] = Array(new JsonObject { ["name"] = "get_weather", ["description"] = "Weather of a city", ["parametersJsonSchema"] = Parameters }) });
        if (feature == Feature.Structured)
        {
            config["responseMimeType"] = "application/json";
            config["responseJsonSchema"] = Schema;
        }

        if (feature == Feature.Thinking)
            config["thinkingConfig"] = Json("""{"thinkingBudget":2000,"includeThoughts":true}""");
        return body;
    }

    public override Answer ReadWhole(JsonNode reply)
    {
        var answer = new Answer();
        Take(reply, answer);
        return answer;
    }

    public override Answer ReadStream(byte[] stream)
    {
        var answer = new Answer();
        foreach (var data in SseData(stream, out var done))
        {
            Assert.False(done);
            Take(data, answer);
        }

        answer.Ended = answer.Finish is not null;
        return answer;
    }

    public override void CheckRateLimit(JsonNode error, HttpResponseMessage response)
    {
        Assert.Equal(429, (int)error["error"]!["code"]!);
        Assert.Equal("RESOURCE_EXHAUSTED", (string?)error["error"]!["status"]);
    }

    public override bool AsksStream(UpstreamExchange exchange, JsonNode body) => exchange.Target.EndsWith(":streamGenerateContent?alt=sse", StringComparison.Ordinal);

    public override void CheckAsked(Feature feature, JsonNode body)
    {
        Assert.Equal("Be brief.", (string?)body["systemInstruction"]!["parts"]![0]!["text"]);
        var contents = body["contents"]!.AsArray();
        if (CitiesOf(feature).Length > 0)
            Assert.Equal("get_weather", (string?)body["tools"]![0]!["functionDeclarations"]![0]!["name"]);
        if (feature == Feature.Structured)
        {
            var config = body["generationConfig"]!;
            Assert.Equal("application/json", (string?)config["responseMimeType"]);
            Assert.NotNull((config["responseJsonSchema"] ?? config["responseSchema"])!["properties"]!["answer"]);
        }

        if (feature == Feature.Image)
            Assert.Equal(Image, (string?)contents[^1]!["parts"]!.AsArray().Single(p => p!["inlineData"] is not null)!["inlineData"]!["data"]);
        if (feature == Feature.Thinking)
            Assert.NotNull(body["generationConfig"]!["thinkingConfig"]);
        if (feature == Feature.ParallelTools)
        {
            Assert.Equal("model", (string?)contents[1]!["role"]);
            var results = contents[2]!["parts"]!.AsArray();
            Assert.Equal(["get_weather", "get_weather"], results.Select(r => (string?)r!["functionResponse"]!["name"]));
            Assert.Contains("sunny", results[0]!.ToJsonString());
            Assert.Contains("rainy", results[1]!.ToJsonString());
        }
    }

    public override JsonNode Reply(Feature feature, JsonNode asked) => Chunk(Parts(feature), "STOP");

    public override IEnumerable<byte[]> Stream(Feature feature, JsonNode asked)
    {
        foreach (var part in Parts(feature))
        {
            var text = (string?)part["text"];
            foreach (var piece in text is null ? new string?[] { null } : Pieces(text))
            {
                var copy = part.DeepClone();
                if (piece is not null)
                    copy["text"] = piece;
                yield return Event(Chunk([copy], null));
            }
        }

        yield return Event(Chunk([Json("""{"text":""}""")], "STOP"));
    }

    private static JsonObject Chunk(IEnumerable<JsonNode> parts, string? finish)
    {
        var candidate = new JsonObject { ["content"] = new JsonObject { ["parts"] = Array(parts), ["role"] = "model" }, ["index"] = 0 };
        if (finish is not null)
            candidate["finishReason"] = finish;
        return new JsonObject
        {
            ["candidates"] = Array(candidate),
            ["usageMetadata"] = Json("""{"promptTokenCount":12,"candidatesTokenCount":3,"thoughtsTokenCount":2,"totalTokenCount":17}"""),
            ["modelVersion"] = "gemini-1",
            ["responseId"] = "resp-1",
        };
    }

    private static List<JsonNode> Parts(Feature feature)
    {
        var parts = new List<JsonNode>();
        if (feature == Feature.Thinking)
            parts.Add(Json("""{"text":"Let me think.","thought":true}"""));
        if (CitiesOf(feature).Length == 0)
            parts.Add(new JsonObject { ["text"] = TextOf(feature) });
        parts.AddRange(CitiesOf(feature).Select(city => Json($$$$"""{"functionCall":{"name":"get_weather","args":{"city":"{{{{city}}}}"}}}""")));
        return parts;
    }

    private static JsonArray Contents(Feature feature)
    {
        var contents = Array(feature == Feature.Image
            ? Json($$$$"""{"role":"user","parts":[{"text":"What is this?"},{"inlineData":{"mimeType":"image/png","data":"{{{{Image}}}}"}}]}""")
            : Json("""{"role":"user","parts":[{"text":"Hi"}]}"""));
        if (feature == Feature.ParallelTools)
        {
            contents.Add(Json("""{"role":"model","parts":[{"functionCall":{"name":"get_weather","args":{"city":"Bern"}}},{"functionCall":{"name":"get_weather","args":{"city":"Kyiv"}}}]}"""));
            contents.Add(Json("""{"role":"user","parts":[{"functionResponse":{"name":"get_weather","response":{"result":"sunny"}}},{"functionResponse":{"name":"get_weather","response":{"result":"rainy"}}}]}"""));
        }

        return contents;
    }

    private static void Take(JsonNode data, Answer answer)
    {
        var candidate = data["candidates"]?[0];
        foreach (var part in candidate?["content"]?["parts"]?.AsArray() ?? [])
        {
            if ((bool?)part!["thought"] == true)
                answer.Thinking += (string?)part["text"];
            else
                answer.Text += (string?)part["text"];
            if (part["functionCall"] is { } call)
                answer.Calls.Add(((string)call["name"]!, call["args"]!.ToJsonString()));
        }

        if ((string?)candidate?["finishReason"] is { } finish)
            answer.Finish = finish switch { "STOP" => answer.Calls.Count > 0 ? "tool_calls" : "stop", "MAX_TOKENS" => "length", _ => finish };
        if (data["usageMetadata"] is { } usage)
        {
            answer.Input = (long?)usage["promptTokenCount"] ?? answer.Input;
            answer.Output = ((long?)usage["candidatesTokenCount"] ?? 0) + ((long?)usage["thoughtsTokenCount"] ?? 0);
        }
    }
}
