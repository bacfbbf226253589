using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Dialects.Cohere;

/// <summary>Reads a client's request.</summary>
internal static class CohereRequestReader
{
    private static readonly string[] Known =
    [
        "model", "stream", "messages", "tools", "strict_tools", "tool_choice", "response_format", "max_tokens", "stop_sequences", "temperature",
        "seed", "frequency_penalty", "presence_penalty", "k", "p", "logprobs", "thinking",
    ];

    public static ChatRequest Read(ReadOnlyMemory<byte> body, RequestFacts facts)
    {
        using var document = WireJson.Parse(body);
        var root = RequestMembers.Root(document);
        var request = new ChatRequest
        {
            Model = root.TextOf("model"u8) ?? facts.Model,
            Stream = root.FlagOf("stream"u8) ?? false,
            MaxOutputTokens = root.IntegerOf("max_tokens"u8),
            Temperature = root.NumberOf("temperature"u8),
            TopP = root.NumberOf("p"u8),
            TopK = root.IntegerOf("k"u8),
            PresencePenalty = root.NumberOf("presence_penalty"u8),
            FrequencyPenalty = root.NumberOf("frequency_penalty"u8),
            Seed = root.IntegerOf("seed"u8),
            Logprobs = root.FlagOf("logprobs"u8),
            Format = ReadFormat(root.ObjectOf("response_format"u8)),
            Reasoning = ReadThinking(root.ObjectOf("thinking"u8)),
            ToolChoice = ReadChoice(root.TextOf("tool_choice"u8)),
        };
        foreach (var stop in root.ArrayOf("stop_sequences"u8).Each())
            request.Stop.Add(stop.Text() ?? throw new RequestFormatException("'stop_sequences' must be an array of strings.", "stop_sequences"));
        ReadMessages(root, request);
        ReadTools(root, request);
        UnknownMembers.Collect(root, Operation.CohereChat, "", Known, request.Extras);
        return request;
    }

    private static void ReadMessages(JsonElement root, ChatRequest request)
    {
        var messages = root.ArrayOf("messages"u8);
        if (!messages.Says())
            throw new RequestFormatException("Missing required parameter: 'messages'.", "messages");
        foreach (var message in messages.EnumerateArray())
            request.Messages.Add(CohereMessageReader.Read(message, $"messages[{request.Messages.Count}]"));
    }

    private static void ReadTools(JsonElement root, ChatRequest request)
    {
        var strict = root.FlagOf("strict_tools"u8);
        foreach (var tool in root.ArrayOf("tools"u8).Each())
        {
            var path = $"tools[{request.Tools.Count}]";
            var function = tool.ObjectOf("function"u8, path);
            request.Tools.Add(new ToolDefinition
            {
                Name = function.TextOf("name"u8, path + ".function") ?? throw new RequestFormatException($"Missing required parameter: '{path}.function.name'.", $"{path}.function.name"),
                Description = function.TextOf("description"u8, path + ".function"),
                Parameters = function.Raw("parameters"u8),
                Strict = strict,
                Extras = UnknownMembers.Of(function, Operation.CohereChat, path + ".function", ["name", "description", "parameters"]),
            });
        }

        if (strict is not null && request.Tools.Count == 0)
            request.Extras.Add(new ExtraMember(Operation.CohereChat, "strict_tools", "strict_tools", root.Raw("strict_tools"u8)));
    }

    private static ToolChoice? ReadChoice(string? choice) => choice switch
    {
        null => null,
        "REQUIRED" => new ToolChoice(ToolChoiceMode.Required),
        "NONE" => new ToolChoice(ToolChoiceMode.None),
        _ => throw new RequestFormatException("'tool_choice' must be REQUIRED or NONE.", "tool_choice"),
    };

    private static ResponseFormat? ReadFormat(JsonElement format)
    {
        if (format.Text("type"u8) != "json_object")
            return null;
        var schema = format.Raw("json_schema"u8);
        return new ResponseFormat { Schema = schema.IsMissing ? format.Raw("schema"u8) : schema };
    }

    private static ReasoningSettings? ReadThinking(JsonElement thinking) => thinking.Text("type"u8) switch
    {
        "disabled" => new ReasoningSettings { Enabled = false },
        "enabled" => new ReasoningSettings { Enabled = true, BudgetTokens = thinking.IntegerOf("token_budget"u8, "thinking") },
        _ => null,
    };
}
