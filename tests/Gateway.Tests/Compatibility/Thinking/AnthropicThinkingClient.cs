using System.Text.Json.Nodes;

namespace Gateway.Tests.Compatibility.Thinking;

internal sealed class AnthropicThinkingClient : ThinkingClient
{
    public override string Path(string model, bool stream) => "/anthropic/v1/messages";

    public override JsonObject Ask(string model, bool stream) => new()
    {
        ["model"] = model,
        ["max_tokens"] = 8000,
        ["thinking"] = ThinkingJson.Parse("""{"type":"enabled","budget_tokens":2000}"""),
        ["tools"] = new JsonArray(new JsonObject { ["name"] = "get_weather", ["description"] = "Weather of a city", ["input_schema"] = Parameters }),
        ["messages"] = History.DeepClone(),
        ["stream"] = stream,
    };

    public override void Say(string text) => History.Add(new JsonObject { ["role"] = "user", ["content"] = text });

    protected override void Read(byte[] body, bool stream)
    {
        var content = stream ? Accumulate(body) : ThinkingJson.Parse(System.Text.Encoding.UTF8.GetString(body))["content"]!.DeepClone().AsArray();
        History.Add(new JsonObject { ["role"] = "assistant", ["content"] = content });
        var results = new JsonArray();
        foreach (var block in content)
        {
            if ((string?)block!["type"] == "text")
                Text += (string?)block["text"];
            if ((string?)block["type"] != "tool_use")
                continue;
            Cities.Add((string)block["input"]!["city"]!);
            results.Add(new JsonObject { ["type"] = "tool_result", ["tool_use_id"] = (string?)block["id"], ["content"] = Weather });
        }

        if (results.Count > 0)
            History.Add(new JsonObject { ["role"] = "user", ["content"] = results });
    }

    private static JsonArray Accumulate(byte[] body)
    {
        var blocks = new JsonArray();
        var input = "";
        foreach (var data in ThinkingJson.Events(body))
        {
            switch ((string)data["type"]!)
            {
                case "content_block_start":
                    blocks.Add(data["content_block"]!.DeepClone());
                    input = "";
                    break;
                case "content_block_delta":
                    var (block, delta) = (blocks[^1]!, data["delta"]!);
                    ThinkingJson.Append(block, "text", (string?)delta["text"]);
                    ThinkingJson.Append(block, "thinking", (string?)delta["thinking"]);
                    if (delta["signature"] is { } signature)
                        block["signature"] = signature.DeepClone(); // a signature comes whole
                    input += (string?)delta["partial_json"];
                    break;
                case "content_block_stop" when (string?)blocks[^1]!["type"] == "tool_use":
                    blocks[^1]!["input"] = ThinkingJson.Parse(input.Length == 0 ? "{}" : input);
                    break;
            }
        }

        return blocks;
    }
}
