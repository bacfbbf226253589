using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Dialects.Ollama;

/// <summary>Reads a client's request.</summary>
internal static class OllamaRequestReader
{
    private static readonly string[] Known = ["model", "stream", "messages", "tools", "format", "think", "logprobs", "top_logprobs", "options"];

    private static readonly string[] KnownOptions =
        ["num_predict", "temperature", "top_p", "top_k", "min_p", "seed", "stop", "presence_penalty", "frequency_penalty"];

    public static ChatRequest Read(ReadOnlyMemory<byte> body, RequestFacts facts)
    {
        using var document = WireJson.Parse(body);
        var root = RequestMembers.Root(document);
        var options = root.ObjectOf("options"u8);
        var limit = options.IntegerOf("num_predict"u8, "options");
        var request = new ChatRequest
        {
            Model = root.TextOf("model"u8) ?? facts.Model,
            Stream = root.FlagOf("stream"u8) ?? true,
            MaxOutputTokens = limit is > 0 ? limit : null, // −1 and −2: no limit but the context's
            Temperature = options.NumberOf("temperature"u8, "options"),
            TopP = options.NumberOf("top_p"u8, "options"),
            TopK = options.IntegerOf("top_k"u8, "options"),
            MinP = options.NumberOf("min_p"u8, "options"),
            Seed = options.IntegerOf("seed"u8, "options"),
            PresencePenalty = options.NumberOf("presence_penalty"u8, "options"),
            FrequencyPenalty = options.NumberOf("frequency_penalty"u8, "options"),
            Logprobs = root.FlagOf("logprobs"u8),
            TopLogprobs = (int?)Math.Clamp(root.IntegerOf("top_logprobs"u8) ?? -1, -1, int.MaxValue) is >= 0 and var top ? top : null,
            Format = ReadFormat(root.Get("format"u8)),
            Reasoning = ReadThink(root.Get("think"u8)),
        };
        ReadStops(options.Get("stop"u8), request.Stop);
        ReadMessages(root, request);
        ReadTools(root, request);
        UnknownMembers.Collect(root, Operation.OllamaChat, "", Known, request.Extras);
        UnknownMembers.Collect(options, Operation.OllamaChat, "options", KnownOptions, request.Extras);
        return request;
    }

    private static void ReadStops(JsonElement stop, List<string> stops)
    {
        if (stop.Text() is { } only)
            stops.Add(only);
        foreach (var text in stop.Each())
            stops.Add(text.Text() ?? throw new RequestFormatException("'options.stop' must be an array of strings.", "options.stop"));
    }

    private static void ReadMessages(JsonElement root, ChatRequest request)
    {
        var reader = new OllamaMessageReader();
        foreach (var message in root.ArrayOf("messages"u8).Each())
            request.Messages.Add(reader.Read(message, request.Messages.Count));
    }

    private static void ReadTools(JsonElement root, ChatRequest request)
    {
        foreach (var tool in root.ArrayOf("tools"u8).Each())
        {
            var path = $"tools[{request.Tools.Count}].function";
            var function = tool.ObjectOf("function"u8, $"tools[{request.Tools.Count}]");
            request.Tools.Add(new ToolDefinition
            {
                Name = function.TextOf("name"u8, path) ?? throw new RequestFormatException($"Missing required parameter: '{path}.name'.", $"{path}.name"),
                Description = function.TextOf("description"u8, path),
                Parameters = function.Raw("parameters"u8),
                Extras = UnknownMembers.Of(function, Operation.OllamaChat, path, ["name", "description", "parameters"]),
            });
        }
    }

    private static ResponseFormat? ReadFormat(JsonElement format) => format.ValueKind switch
    {
        JsonValueKind.Object => new ResponseFormat { Schema = RawJson.Of(format) },
        JsonValueKind.String when format.Text() == "json" => new ResponseFormat(),
        JsonValueKind.String when format.Text() == "" => null,
        JsonValueKind.Undefined or JsonValueKind.Null => null,
        _ => throw new RequestFormatException("'format' must be \"json\" or a JSON schema.", "format"),
    };

    private static ReasoningSettings? ReadThink(JsonElement think) => think.ValueKind switch
    {
        JsonValueKind.True => new ReasoningSettings { Enabled = true },
        JsonValueKind.False => new ReasoningSettings { Enabled = false },
        JsonValueKind.String => new ReasoningSettings { Effort = think.Text() },
        JsonValueKind.Undefined or JsonValueKind.Null => null,
        _ => throw new RequestFormatException("'think' must be true, false or a level.", "think"),
    };
}
