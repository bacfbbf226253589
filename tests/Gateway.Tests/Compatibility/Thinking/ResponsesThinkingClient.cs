using System.Text.Json.Nodes;

namespace Gateway.Tests.Compatibility.Thinking;

internal sealed class ResponsesThinkingClient : ThinkingClient
{
    public override string Path(string model, bool stream) => "/v1/responses";

    public override JsonObject Ask(string model, bool stream) => new()
    {
        ["model"] = model,
        ["input"] = History.DeepClone(),
        ["max_output_tokens"] = 8000,
        ["store"] = false,
        ["include"] = new JsonArray("reasoning.encrypted_content"),
        ["reasoning"] = ThinkingJson.Parse("""{"effort":"low","summary":"auto"}"""),
        ["tools"] = new JsonArray(new JsonObject { ["type"] = "function", ["name"] = "get_weather", ["description"] = "Weather of a city", ["parameters"] = Parameters, ["strict"] = false }),
        ["stream"] = stream,
    };

    public override void Say(string text) => History.Add(new JsonObject { ["role"] = "user", ["content"] = text });

    protected override void Read(byte[] body, bool stream)
    {
        var events = stream ? ThinkingJson.Events(body).ToArray() : [];
        var response = stream ? events.Single(e => (string?)e["type"] == "response.completed")["response"]! : ThinkingJson.Parse(System.Text.Encoding.UTF8.GetString(body));
        var output = response["output"]!.AsArray();
        if (stream)
            Assert.Equal(output.Select(ThinkingJson.Text), events.Where(e => (string?)e["type"] == "response.output_item.done").OrderBy(e => (int)e["output_index"]!).Select(e => ThinkingJson.Text(e["item"])));
        foreach (var item in output)
        {
            History.Add(item!.DeepClone());
            foreach (var part in item["content"]?.AsArray() ?? [])
                Text += (string?)part!["text"];
        }

        foreach (var call in output.Where(i => (string?)i!["type"] == "function_call"))
        {
            Cities.Add((string)ThinkingJson.Parse((string)call!["arguments"]!)["city"]!);
            History.Add(new JsonObject { ["type"] = "function_call_output", ["call_id"] = (string?)call["call_id"], ["output"] = Weather });
        }
    }
}
