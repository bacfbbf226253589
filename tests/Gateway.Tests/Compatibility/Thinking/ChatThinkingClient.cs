using System.Text.Json.Nodes;

namespace Gateway.Tests.Compatibility.Thinking;

/// <summary>A client of OpenAI Chat that sends the assistant's message back with its reasoning.</summary>
/// <param name="joins">Whether fragments of a stream's <c>reasoning_details</c> are joined by their index; otherwise they are lined up.</param>
internal sealed class ChatThinkingClient(bool joins) : ThinkingClient
{
    public override string Path(string model, bool stream) => "/v1/chat/completions";

    public override JsonObject Ask(string model, bool stream) => new()
    {
        ["model"] = model,
        ["max_completion_tokens"] = 8000,
        ["reasoning_effort"] = "low",
        ["tools"] = new JsonArray(new JsonObject { ["type"] = "function", ["function"] = new JsonObject { ["name"] = "get_weather", ["description"] = "Weather of a city", ["parameters"] = Parameters } }),
        ["messages"] = History.DeepClone(),
        ["stream"] = stream,
    };

    public override void Say(string text) => History.Add(new JsonObject { ["role"] = "user", ["content"] = text });

    protected override void Read(byte[] body, bool stream)
    {
        var message = stream ? Accumulate(body) : ThinkingJson.Parse(System.Text.Encoding.UTF8.GetString(body))["choices"]![0]!["message"]!.DeepClone();
        History.Add(message);
        Text = (string?)message["content"] ?? "";
        foreach (var call in message["tool_calls"]?.AsArray() ?? [])
        {
            Cities.Add((string)ThinkingJson.Parse((string)call!["function"]!["arguments"]!)["city"]!);
            History.Add(new JsonObject { ["role"] = "tool", ["tool_call_id"] = (string?)call["id"], ["content"] = Weather });
        }
    }

    private JsonObject Accumulate(byte[] body)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = null };
        foreach (var data in ThinkingJson.Events(body))
        {
            if (data["choices"]!.AsArray() is not [{ } choice])
                continue;
            var delta = choice["delta"]!;
            if ((string?)delta["content"] is { Length: > 0 } content)
                ThinkingJson.Append(message, "content", content);
            ThinkingJson.Append(message, "reasoning_content", (string?)delta["reasoning_content"]);
            foreach (var detail in delta["reasoning_details"]?.AsArray() ?? [])
                Add(message, "reasoning_details", detail!, joins);
            foreach (var call in delta["tool_calls"]?.AsArray() ?? [])
                Add(message, "tool_calls", call!, true);
        }

        foreach (var call in message["tool_calls"]?.AsArray() ?? [])
            call!.AsObject().Remove("index");
        return message;
    }

    private static void Add(JsonObject message, string list, JsonNode fragment, bool join)
    {
        var items = message[list]?.AsArray();
        if (items is null)
            message[list] = items = [];
        var item = join ? items.FirstOrDefault(i => (int)i!["index"]! == (int)fragment["index"]!) : null;
        if (item is null)
            items.Add(fragment.DeepClone());
        else
            Merge(item.AsObject(), fragment.AsObject());
    }

    private static void Merge(JsonObject item, JsonObject fragment)
    {
        foreach (var (name, value) in fragment)
        {
            if (item[name] is JsonObject inner && value is JsonObject more)
                Merge(inner, more);
            else if (name is "text" or "summary" or "signature" or "data" or "arguments")
                ThinkingJson.Append(item, name, (string?)value);
            else if (item[name] is null)
                item[name] = value?.DeepClone();
        }
    }
}
