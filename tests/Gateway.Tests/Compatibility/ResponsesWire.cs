using System.Text.Json.Nodes;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Compatibility;

internal sealed class ResponsesWire : ClientWire
{
    public override string Name => "OpenAI Responses";

    public override string Provider => "responses";

    public override string Settings => """ "type": "openai-compatible", "apiKey": "env:UP_KEY", "paths": { "chatCompletions": null } """;

    public override string BasePath => "/responses/v1";

    public override JsonNode RateLimit => Json("""{"error":{"message":"slow down","type":"rate_limit_error","param":null,"code":"rate_limit_exceeded"}}""");

    public override string Path(string model, bool stream) => "/v1/responses";

    public override JsonNode Ask(Feature feature, string model, bool stream)
    {
        var body = new JsonObject { ["model"] = model, ["instructions"] = "Be brief.", ["input"] = Input(feature), ["max_output_tokens"] = 4000, ["stream"] = stream };
        if (CitiesOf(feature).Length > 0)
            body["tools"] = Array(new JsonObject { ["type"] = "function", ["name"] = "get_weather", ["description"] = "Weather of a city", ["parameters"] = Parameters, ["strict"] = false });
        if (feature == Feature.Structured)
            body["text"] = new JsonObject { ["format"] = new JsonObject { ["type"] = "json_schema", ["name"] = "answer", ["strict"] = true, ["schema"] = Schema } };
        if (feature == Feature.Thinking)
            body["reasoning"] = Json("""{"effort":"medium","summary":"auto"}""");
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
        var text = "";
        var arguments = new SortedDictionary<int, string>();
        var number = -1L;
        foreach (var data in SseData(stream, out var done))
        {
            Assert.False(done);
            Assert.False(answer.Ended);
            Assert.True((long)data["sequence_number"]! > number);
            number = (long)data["sequence_number"]!;
            switch ((string)data["type"]!)
            {
                case "response.output_text.delta":
                    text += (string?)data["delta"];
                    break;
                case "response.function_call_arguments.delta":
                    var index = (int)data["output_index"]!;
                    arguments[index] = arguments.GetValueOrDefault(index) + (string?)data["delta"];
                    break;
                case "response.completed" or "response.incomplete":
                    Take(data["response"]!, answer);
                    answer.Ended = true;
                    break;
            }
        }

        Assert.Equal(answer.Text, text);
        Assert.Equal(answer.Calls.Select(c => c.Arguments), arguments.Values.Select(Compact));
        return answer;
    }

    public override void CheckRateLimit(JsonNode error, HttpResponseMessage response) => Assert.Equal("rate_limit_error", (string?)error["error"]!["type"]);

    public override bool AsksStream(UpstreamExchange exchange, JsonNode body) => (bool?)body["stream"] == true;

    public override void CheckAsked(Feature feature, JsonNode body)
    {
        var input = body["input"] as JsonArray ?? [];
        Assert.Contains("Be brief.", body.ToJsonString());
        if (CitiesOf(feature).Length > 0)
            Assert.Equal("get_weather", (string?)body["tools"]![0]!["name"]);
        if (feature == Feature.Structured)
            Assert.NotNull(body["text"]!["format"]!["schema"]!["properties"]!["answer"]);
        if (feature == Feature.Image)
            Assert.Contains(Image, input.ToJsonString().Replace("\\u002B", "+", StringComparison.Ordinal));
        if (feature == Feature.Thinking)
            Assert.NotNull(body["reasoning"]!["effort"]);
        if (feature == Feature.ParallelTools)
        {
            var calls = input.Where(i => (string?)i!["type"] == "function_call");
            var results = input.Where(i => (string?)i!["type"] == "function_call_output").ToArray();
            Assert.Equal(calls.Select(c => (string?)c!["call_id"]), results.Select(r => (string?)r!["call_id"]));
            Assert.Contains("sunny", results[0]!.ToJsonString());
            Assert.Contains("rainy", results[1]!.ToJsonString());
        }
    }

    public override JsonNode Reply(Feature feature, JsonNode asked) => Response(Items(feature), "completed");

    public override IEnumerable<byte[]> Stream(Feature feature, JsonNode asked)
    {
        var number = 0;
        byte[] Emit(string json, Action<JsonNode>? fill = null)
        {
            var data = Json(json);
            fill?.Invoke(data);
            data["sequence_number"] = number++;
            return Named(data);
        }

        yield return Emit("""{"type":"response.created"}""", d => d["response"] = Response([], "in_progress"));
        var items = Items(feature);
        for (var i = 0; i < items.Count; i++)
        {
            var item = items[i];
            var index = i;
            var id = (string)item["id"]!;
            yield return Emit("""{"type":"response.output_item.added"}""", d => (d["output_index"], d["item"]) = (index, Begun(item)));
            switch ((string)item["type"]!)
            {
                case "reasoning":
                    yield return Emit("""{"type":"response.reasoning_summary_part.added","summary_index":0,"part":{"type":"summary_text","text":""}}""", d => (d["output_index"], d["item_id"]) = (index, id));
                    yield return Emit("""{"type":"response.reasoning_summary_text.delta","summary_index":0,"delta":"Let me think."}""", d => (d["output_index"], d["item_id"]) = (index, id));
                    yield return Emit("""{"type":"response.reasoning_summary_text.done","summary_index":0,"text":"Let me think."}""", d => (d["output_index"], d["item_id"]) = (index, id));
                    break;
                case "message":
                    yield return Emit("""{"type":"response.content_part.added","content_index":0,"part":{"type":"output_text","text":"","annotations":[],"logprobs":[]}}""", d => (d["output_index"], d["item_id"]) = (index, id));
                    foreach (var piece in Pieces(TextOf(feature)))
                        yield return Emit("""{"type":"response.output_text.delta","content_index":0,"logprobs":[]}""", d => (d["output_index"], d["item_id"], d["delta"]) = (index, id, piece));
                    yield return Emit("""{"type":"response.output_text.done","content_index":0,"logprobs":[]}""", d => (d["output_index"], d["item_id"], d["text"]) = (index, id, TextOf(feature)));
                    break;
                default:
                    foreach (var piece in Pieces((string)item["arguments"]!))
                        yield return Emit("""{"type":"response.function_call_arguments.delta"}""", d => (d["output_index"], d["item_id"], d["delta"]) = (index, id, piece));
                    yield return Emit("""{"type":"response.function_call_arguments.done"}""", d => (d["output_index"], d["item_id"], d["name"], d["arguments"]) = (index, id, (string)item["name"]!, (string)item["arguments"]!));
                    break;
            }

            yield return Emit("""{"type":"response.output_item.done"}""", d => (d["output_index"], d["item"]) = (index, item.DeepClone()));
        }

        yield return Emit("""{"type":"response.completed"}""", d => d["response"] = Response(items, "completed"));
    }

    private static JsonNode Begun(JsonNode item)
    {
        var begun = item.DeepClone();
        begun["status"] = "in_progress";
        if (begun["content"] is not null)
            begun["content"] = new JsonArray();
        if (begun["summary"] is not null)
            begun["summary"] = new JsonArray();
        if (begun["arguments"] is not null)
            begun["arguments"] = "";
        return begun;
    }

    private static JsonObject Response(IEnumerable<JsonNode> items, string status)
    {
        var response = new JsonObject
        {
            ["id"] = "resp_1",
            ["object"] = "response",
            ["created_at"] = 1700000000,
            ["status"] = status,
            ["error"] = null,
            ["incomplete_details"] = null,
            ["instructions"] = "Be brief.",
            ["metadata"] = new JsonObject(),
            ["model"] = "m-1",
            ["parallel_tool_calls"] = true,
            ["temperature"] = 1,
            ["tool_choice"] = "auto",
            ["tools"] = new JsonArray(),
            ["top_p"] = 1,
            ["output"] = Array(items.Select(i => i.DeepClone())),
        };
        if (status == "completed")
            response["usage"] = Json("""{"input_tokens":12,"input_tokens_details":{"cached_tokens":0,"cache_write_tokens":0},"output_tokens":5,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":17}""");
        return response;
    }

    private static List<JsonNode> Items(Feature feature)
    {
        var items = new List<JsonNode>();
        if (feature == Feature.Thinking)
            items.Add(Json("""{"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"Let me think."}],"encrypted_content":"c2ln"}"""));
        if (CitiesOf(feature).Length == 0)
            items.Add(new JsonObject { ["id"] = "msg_1", ["type"] = "message", ["role"] = "assistant", ["status"] = "completed", ["content"] = Array(new JsonObject { ["type"] = "output_text", ["text"] = TextOf(feature), ["annotations"] = new JsonArray(), ["logprobs"] = new JsonArray() }) });
        items.AddRange(CitiesOf(feature).Select((city, i) => Call(city, i)));
        return items;
    }

    private static JsonArray Input(Feature feature)
    {
        var input = Array(feature == Feature.Image
            ? Json($$"""{"role":"user","content":[{"type":"input_text","text":"What is this?"},{"type":"input_image","image_url":"data:image/png;base64,{{Image}}"}]}""")
            : Json("""{"role":"user","content":"Hi"}"""));
        if (feature == Feature.ParallelTools)
        {
            input.Add(Call("Bern", 0));
            input.Add(Call("Kyiv", 1));
            input.Add(Json("""{"type":"function_call_output","call_id":"call_0","output":"sunny"}"""));
            input.Add(Json("""{"type":"function_call_output","call_id":"call_1","output":"rainy"}"""));
        }

        return input;
    }

    private static JsonNode Call(string city, int index) => Json($$$$"""{"id":"fc_{{{{index}}}}","type":"function_call","status":"completed","call_id":"call_{{{{index}}}}","name":"get_weather","arguments":"{\"city\":\"{{{{city}}}}\"}"}""");

    private static void Take(JsonNode response, Answer answer)
    {
        Assert.Equal("response", (string?)response["object"]);
        foreach (var item in response["output"]!.AsArray())
        {
            foreach (var part in item!["content"]?.AsArray() ?? [])
                answer.Text += (string?)part!["text"];
            foreach (var part in item["summary"]?.AsArray() ?? [])
                answer.Thinking += (string?)part!["text"];
            if ((string?)item["type"] == "function_call")
                answer.Calls.Add(((string)item["name"]!, Compact((string)item["arguments"]!)));
        }

        answer.Finish = (string?)response["status"] switch
        {
            "completed" => answer.Calls.Count > 0 ? "tool_calls" : "stop",
            "incomplete" => "length",
            var other => other,
        };
        answer.Input = (long)response["usage"]!["input_tokens"]!;
        answer.Output = (long)response["usage"]!["output_tokens"]!;
    }
}
