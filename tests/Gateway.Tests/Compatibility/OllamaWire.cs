using System.Text;
using System.Text.Json.Nodes;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Compatibility;

internal sealed class OllamaWire : ClientWire
{
    public override string Name => "Ollama";

    public override string Provider => "llama";

    public override string Settings => """ "type": "ollama", "paths": { "chatCompletions": null, "completions": null, "responses": null } """;

    public override string StreamType => "application/x-ndjson";

    public override JsonNode RateLimit => Json("""{"error":"slow down"}""");

    public override string Path(string model, bool stream) => "/ollama/api/chat";

    public override JsonNode Ask(Feature feature, string model, bool stream)
    {
        var body = new JsonObject { ["model"] = model, ["messages"] = Messages(feature), ["options"] = Json("""{"num_predict":4000}""") };
        if (!stream)
            body["stream"] = false; // true is this wire's default
        if (CitiesOf(feature).Length > 0)
            body["tools"] = Array(new JsonObject { ["type"] = "function", ["function"] = new JsonObject { ["name"] = "get_weather", ["description"] = "Weather of a city", ["parameters"] = Parameters } });
        if (feature == Feature.Structured)
            body["format"] = Schema;
        if (feature == Feature.Thinking)
            body["think"] = true;
        return body;
    }

    public override Answer ReadWhole(JsonNode reply)
    {
        Assert.True((bool)reply["done"]!);
        var answer = new Answer();
        Take(reply, answer);
        return answer;
    }

    public override Answer ReadStream(byte[] stream)
    {
        var answer = new Answer();
        foreach (var line in Encoding.UTF8.GetString(stream).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.False(answer.Ended);
            Take(JsonNode.Parse(line)!, answer);
        }

        return answer;
    }

    public override void CheckRateLimit(JsonNode error, HttpResponseMessage response) => Assert.NotNull((string?)error["error"]);

    public override bool AsksStream(UpstreamExchange exchange, JsonNode body) => (bool?)body["stream"] != false;

    public override void CheckAsked(Feature feature, JsonNode body)
    {
        var messages = body["messages"]!.AsArray();
        Assert.Equal("system", (string?)messages[0]!["role"]);
        Assert.All(messages, m => Assert.IsAssignableFrom<JsonValue>(m!["content"] ?? ""));
        if (CitiesOf(feature).Length > 0)
            Assert.Equal("get_weather", (string?)body["tools"]![0]!["function"]!["name"]);
        if (feature == Feature.Structured)
            Assert.NotNull(body["format"]!["properties"]!["answer"]);
        if (feature == Feature.Image)
            Assert.Equal(Image, (string?)messages[^1]!["images"]![0]);
        if (feature == Feature.Thinking)
            Assert.NotNull(body["think"]);
        if (feature == Feature.ParallelTools)
        {
            Assert.Equal(["Bern", "Kyiv"], messages.Single(m => m!["tool_calls"] is not null)!["tool_calls"]!.AsArray().Select(c => (string?)c!["function"]!["arguments"]!["city"]));
            Assert.Equal(["sunny", "rainy"], messages.Where(m => (string?)m!["role"] == "tool").Select(r => (string?)r!["content"]));
        }
    }

    public override JsonNode Reply(Feature feature, JsonNode asked)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = CitiesOf(feature).Length > 0 ? "" : TextOf(feature) };
        if (feature == Feature.Thinking)
            message["thinking"] = "Let me think.";
        if (CitiesOf(feature).Length > 0)
            message["tool_calls"] = Array(CitiesOf(feature).Select(Call));
        return Line(message, done: true);
    }

    public override IEnumerable<byte[]> Stream(Feature feature, JsonNode asked)
    {
        if (feature == Feature.Thinking)
            yield return Bytes(Line(Json("""{"role":"assistant","content":"","thinking":"Let me think."}"""), done: false));
        if (CitiesOf(feature).Length > 0)
        {
            yield return Bytes(Line(new JsonObject { ["role"] = "assistant", ["content"] = "", ["tool_calls"] = Array(CitiesOf(feature).Select(Call)) }, done: false));
        }
        else
        {
            foreach (var piece in Pieces(TextOf(feature)))
                yield return Bytes(Line(new JsonObject { ["role"] = "assistant", ["content"] = piece }, done: false));
        }

        yield return Bytes(Line(Json("""{"role":"assistant","content":""}"""), done: true));
    }

    private static byte[] Bytes(JsonNode line) => Encoding.UTF8.GetBytes(line.ToJsonString() + "\n");

    private static JsonObject Line(JsonNode message, bool done)
    {
        var line = new JsonObject { ["model"] = "m-1", ["created_at"] = "2026-01-02T03:04:05.678901Z", ["message"] = message, ["done"] = done };
        if (done)
        {
            line["done_reason"] = "stop";
            line["total_duration"] = 5000;
            line["prompt_eval_count"] = 12;
            line["eval_count"] = 5;
        }

        return line;
    }

    private static JsonArray Messages(Feature feature)
    {
        var messages = Array(Json("""{"role":"system","content":"Be brief."}"""), feature == Feature.Image
            ? Json($$"""{"role":"user","content":"What is this?","images":["{{Image}}"]}""")
            : Json("""{"role":"user","content":"Hi"}"""));
        if (feature == Feature.ParallelTools)
        {
            messages.Add(new JsonObject { ["role"] = "assistant", ["content"] = "", ["tool_calls"] = Array(Call("Bern"), Call("Kyiv")) });
            messages.Add(Json("""{"role":"tool","tool_name":"get_weather","content":"sunny"}"""));
            messages.Add(Json("""{"role":"tool","tool_name":"get_weather","content":"rainy"}"""));
        }

        return messages;
    }

    private static JsonNode Call(string city) => Json($$$$"""{"function":{"name":"get_weather","arguments":{"city":"{{{{city}}}}"}}}""");

    private static void Take(JsonNode line, Answer answer)
    {
        answer.Text += (string?)line["message"]!["content"];
        answer.Thinking += (string?)line["message"]!["thinking"];
        foreach (var call in line["message"]!["tool_calls"]?.AsArray() ?? [])
            answer.Calls.Add(((string)call!["function"]!["name"]!, call["function"]!["arguments"]!.ToJsonString()));
        if ((bool?)line["done"] != true)
            return;
        answer.Ended = true;
        answer.Finish = (string?)line["done_reason"] == "stop" && answer.Calls.Count > 0 ? "tool_calls" : (string?)line["done_reason"];
        answer.Input = (long?)line["prompt_eval_count"] ?? 0;
        answer.Output = (long?)line["eval_count"] ?? 0;
    }
}
