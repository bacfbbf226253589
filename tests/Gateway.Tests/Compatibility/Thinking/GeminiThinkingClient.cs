using System.Text.Json.Nodes;

namespace Gateway.Tests.Compatibility.Thinking;

internal sealed class GeminiThinkingClient : ThinkingClient
{
    public override string Path(string model, bool stream) => $"/genai/v1beta/models/{model}:{(stream ? "streamGenerateContent?alt=sse" : "generateContent")}";

    public override JsonObject Ask(string model, bool stream) => new()
    {
        ["contents"] = History.DeepClone(),
        ["tools"] = new JsonArray(new JsonObject { ["functionDeclarations"] = new JsonArray(new JsonObject { ["name"] = "get_weather", ["description"] = "Weather of a city", ["parametersJsonSchema"] = Parameters }) }),
        ["generationConfig"] = ThinkingJson.Parse("""{"maxOutputTokens":8000,"thinkingConfig":{"thinkingLevel":"low","includeThoughts":true}}"""),
    };

    public override void Say(string text) => History.Add(new JsonObject { ["role"] = "user", ["parts"] = new JsonArray(new JsonObject { ["text"] = text }) });

    protected override void Read(byte[] body, bool stream)
    {
        IEnumerable<JsonNode> chunks = stream ? ThinkingJson.Events(body) : [ThinkingJson.Parse(System.Text.Encoding.UTF8.GetString(body))];
        var parts = ThinkingJson.Array(chunks.SelectMany(c => c["candidates"]?[0]?["content"]?["parts"]?.AsArray() ?? []));
        History.Add(new JsonObject { ["role"] = "model", ["parts"] = parts });
        var results = new JsonArray();
        foreach (var part in parts)
        {
            if ((bool?)part!["thought"] != true)
                Text += (string?)part["text"];
            if (part["functionCall"] is not { } call)
                continue;
            Cities.Add((string)call["args"]!["city"]!);
            var result = new JsonObject { ["name"] = (string?)call["name"], ["response"] = new JsonObject { ["result"] = Weather } };
            if (call["id"] is { } id)
                result["id"] = id.DeepClone();
            results.Add(new JsonObject { ["functionResponse"] = result });
        }

        if (results.Count > 0)
            History.Add(new JsonObject { ["role"] = "user", ["parts"] = results });
    }
}
