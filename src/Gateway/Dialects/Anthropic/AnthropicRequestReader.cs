using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Anthropic;

/// <summary>Reads a request of a client.</summary>
internal static class AnthropicRequestReader
{
    private static readonly string[] Members =
    [
        "model", "max_tokens", "messages", "system", "stream", "temperature", "top_p", "top_k", "stop_sequences", "tools", "tool_choice",
        "metadata", "service_tier", "thinking", "output_config", "output_format", "anthropic_version", "anthropic_beta",
    ];

    /// <summary>Reads the body.</summary>
    /// <param name="body">UTF-8 JSON.</param>
    /// <param name="facts">The model and whether to stream, where these stand in the path.</param>
    /// <exception cref="RequestFormatException">It is not a request of this wire.</exception>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static ChatRequest Read(ReadOnlyMemory<byte> body, RequestFacts facts)
    {
        using var document = WireJson.Parse(body);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            throw new RequestFormatException("The request body must be a JSON object.");
        var request = new ChatRequest
        {
            Model = root.Text("model"u8) ?? facts.Model,
            Stream = AnthropicValue.Flag(root, "stream"u8, "stream") ?? facts.Stream,
            MaxOutputTokens = AnthropicValue.Integer(root, "max_tokens"u8, "max_tokens"),
            Temperature = AnthropicValue.Number(root, "temperature"u8, "temperature"),
            TopP = AnthropicValue.Number(root, "top_p"u8, "top_p"),
            TopK = AnthropicValue.Integer(root, "top_k"u8, "top_k"),
            ServiceTier = AnthropicValue.Text(root, "service_tier"u8, "service_tier"),
        };
        ReadStop(root.Get("stop_sequences"u8), request);
        ReadSystem(root.Get("system"u8), request);
        ReadMessages(root.Get("messages"u8), request);
        ToolReader.Read(root, request);
        ReadMetadata(root.Get("metadata"u8), request);
        ReadThinking(root, request);
        List<ExtraMember>? extras = null;
        AnthropicExtras.Read(root, "", Members, ref extras);
        // Only InvokeModel has these in the body; the Messages API has a header for them.
        if (root.Raw("anthropic_beta"u8) is { IsMissing: false } beta)
            request.Extras.Add(new ExtraMember(Operation.InvokeModel, "anthropic_beta", "anthropic_beta", beta));
        if (extras is not null)
            request.Extras.AddRange(extras);
        return request;
    }

    private static void ReadStop(JsonElement stop, ChatRequest request)
    {
        if (!AnthropicValue.IsArray(stop, "stop_sequences"))
            return;
        foreach (var text in stop.EnumerateArray())
            request.Stop.Add(text.Text() ?? throw AnthropicValue.Wrong("stop_sequences", "an array of strings"));
    }

    private static void ReadSystem(JsonElement system, ChatRequest request)
    {
        if (!system.Says())
            return;
        if (system.Text() is { } text)
        {
            request.Messages.Add(new ChatMessage { Role = ChatRole.System, Parts = [new TextPart(text)] });
            return;
        }

        if (system.ValueKind != JsonValueKind.Array)
            throw AnthropicValue.Wrong("system", "a string or an array of text blocks");
        var parts = new List<ContentPart>(system.GetArrayLength());
        foreach (var block in system.EnumerateArray())
            parts.Add(BlockReader.Read(block, new Place(-1, parts.Count)));
        if (parts.Count > 0)
            request.Messages.Add(new ChatMessage { Role = ChatRole.System, Parts = parts });
    }

    private static void ReadMessages(JsonElement messages, ChatRequest request)
    {
        if (messages.ValueKind != JsonValueKind.Array)
            throw messages.Says() ? AnthropicValue.Wrong("messages", "an array") : new RequestFormatException("messages: Field required", "messages");
        var index = 0;
        foreach (var message in messages.EnumerateArray())
            ReadMessage(message, new Place(index++), request.Messages);
    }

    private static void ReadMessage(JsonElement message, Place place, List<ChatMessage> turns)
    {
        if (message.ValueKind != JsonValueKind.Object)
            throw AnthropicValue.Wrong(place.ToString(), "an object");
        var role = message.Text("role"u8) switch
        {
            "user" => ChatRole.User,
            "assistant" => ChatRole.Assistant,
            "system" => ChatRole.System,
            _ => throw AnthropicValue.Wrong(place.Of("role"), "'user', 'assistant' or 'system'"),
        };
        var parts = BlockReader.ReadContent(message.Get("content"u8), place);
        List<ExtraMember>? extras = null;
        AnthropicExtras.Read(message, place.ToString(), ["role", "content"], ref extras);
        // Results of tools are turns of their own, in their place.
        var from = 0;
        while (from < parts.Count || from == 0)
        {
            var isResult = from < parts.Count && parts[from] is ToolResultPart;
            var to = from;
            while (to < parts.Count && parts[to] is ToolResultPart == isResult)
                to++;
            var turn = new ChatMessage
            {
                Role = isResult ? ChatRole.Tool : role,
                Parts = from == 0 && to == parts.Count ? parts : parts.GetRange(from, to - from),
            };
            if (extras is not null && from == 0)
                turn.Extras.AddRange(extras);
            turns.Add(turn);
            from = Math.Max(to, 1);
        }
    }

    private static void ReadMetadata(JsonElement metadata, ChatRequest request)
    {
        if (!AnthropicValue.IsObject(metadata, "metadata"))
            return;
        request.User = AnthropicValue.Text(metadata, "user_id"u8, "metadata.user_id");
        ReadInner(metadata, "metadata", ["user_id"], request);
    }

    private static void ReadThinking(JsonElement root, ChatRequest request)
    {
        var thinking = root.Get("thinking"u8);
        var config = root.Get("output_config"u8);
        var effort = AnthropicValue.IsObject(config, "output_config") ? AnthropicValue.Text(config, "effort"u8, "output_config.effort") : null;
        if (config.ValueKind == JsonValueKind.Object)
            ReadInner(config, "output_config", ["effort", "format"], request);
        ReadFormat(config.Get("format"u8).Says() ? config.Get("format"u8) : root.Get("output_format"u8), request);
        if (!AnthropicValue.IsObject(thinking, "thinking"))
        {
            if (effort is not null)
                request.Reasoning = new ReasoningSettings { Effort = effort, EffortOnly = true };
            return;
        }

        var type = AnthropicValue.Needed(thinking, "type"u8, "thinking.type");
        // What isn't known stays as it is; the nearest word others understand stands beside it.
        ReadInner(thinking, "thinking", type is "enabled" or "adaptive" or "disabled" ? ["type", "budget_tokens"] : ["budget_tokens"], request);
        var summarized = thinking.Text("display"u8) == "summarized";
        if (summarized)
            request.Extras.RemoveAll(e => e.Path == "thinking.display");
        request.Reasoning = new ReasoningSettings
        {
            Enabled = type != "disabled",
            Adaptive = type is not ("enabled" or "disabled"),
            BudgetTokens = AnthropicValue.Integer(thinking, "budget_tokens"u8, "thinking.budget_tokens"),
            Effort = effort,
            Summary = summarized ? "auto" : null,
        };
    }

    private static void ReadFormat(JsonElement format, ChatRequest request)
    {
        if (!AnthropicValue.IsObject(format, "output_config.format") || format.Text("type"u8) != "json_schema")
            return;
        var schema = format.Get("schema"u8);
        if (!AnthropicValue.IsObject(schema, "output_config.format.schema"))
            throw new RequestFormatException("output_config.format.schema: Field required", "output_config.format.schema");
        request.Format = new ResponseFormat { Schema = RawJson.Of(schema), Name = format.Text("name"u8) };
    }

    private static void ReadInner(JsonElement element, string path, ReadOnlySpan<string> known, ChatRequest request)
    {
        List<ExtraMember>? extras = null;
        AnthropicExtras.Read(element, path, known, ref extras);
        if (extras is not null)
            request.Extras.AddRange(extras);
    }
}
