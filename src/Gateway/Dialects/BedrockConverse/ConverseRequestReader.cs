using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.BedrockConverse;

/// <summary>Reads a client's Converse request. Model and stream stand in its path.</summary>
internal static class ConverseRequestReader
{
    /// <inheritdoc cref="IChatCodec.ReadRequest"/>
    public static ChatRequest Read(ReadOnlyMemory<byte> body, RequestFacts facts)
    {
        using var document = WireJson.Parse(body);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            throw new RequestFormatException("The request body must be a JSON object.");
        var request = new ChatRequest { Model = facts.Model, Stream = facts.Stream };
        ReadSystem(root, request);
        ReadMessages(root, request);
        ReadInference(root, request);
        ConverseToolReader.Read(root.Get("toolConfig"u8), request);
        ConverseModelFields.Read(root.Get("additionalModelRequestFields"u8), request);
        ReadOutput(root.Get("outputConfig"u8), request);
        request.Metadata = root.Raw("requestMetadata"u8);
        request.ServiceTier = root.Get("serviceTier"u8).Text("type"u8);
        ConverseExtras.Read(
            root, "", request.Extras, "modelId", "messages", "system", "inferenceConfig", "toolConfig", "additionalModelRequestFields", "outputConfig", "requestMetadata", "serviceTier");
        return request;
    }

    private static void ReadSystem(JsonElement root, ChatRequest request)
    {
        var parts = ConversePartReader.ReadAll(root.Get("system"u8), "system");
        if (parts.Count > 0)
            request.Messages.Add(new ChatMessage { Role = ChatRole.System, Parts = parts });
    }

    private static void ReadMessages(JsonElement root, ChatRequest request)
    {
        var messages = root.Get("messages"u8);
        if (!messages.Says())
            return;
        if (messages.ValueKind != JsonValueKind.Array)
            throw new RequestFormatException("'messages' must be an array.", "messages");
        var i = 0;
        foreach (var message in messages.EnumerateArray())
            ReadMessage(message, $"messages[{i++}]", request);
    }

    private static void ReadMessage(JsonElement message, string path, ChatRequest request)
    {
        ChatRole role = message.Text("role"u8) switch
        {
            "user" => ChatRole.User,
            "assistant" => ChatRole.Assistant,
            "system" => ChatRole.System,
            _ => throw new RequestFormatException($"'{path}.role' must be user, assistant or system.", path + ".role"),
        };
        var parts = ConversePartReader.ReadAll(message.Get("content"u8), path + ".content");
        var first = request.Messages.Count;
        // Results of tools are turns of their own: a user's turn is cut where they begin and end.
        var from = 0;
        do
        {
            var isResult = from < parts.Count && parts[from] is ToolResultPart;
            var to = from;
            while (to < parts.Count && parts[to] is ToolResultPart == isResult)
                to++;
            request.Messages.Add(new ChatMessage { Role = isResult ? ChatRole.Tool : role, Parts = parts.GetRange(from, to - from) });
            from = to;
        }
        while (from < parts.Count);

        ConverseExtras.Read(message, path + ".", request.Messages[first].Extras, "role", "content");
    }

    private static void ReadInference(JsonElement root, ChatRequest request)
    {
        var inference = root.Get("inferenceConfig"u8);
        if (!inference.Says())
            return;
        if (inference.ValueKind != JsonValueKind.Object)
            throw new RequestFormatException("'inferenceConfig' must be an object.", "inferenceConfig");
        request.MaxOutputTokens = inference.Integer("maxTokens"u8);
        request.Temperature = inference.Number("temperature"u8);
        request.TopP = inference.Number("topP"u8);
        if (inference.Get("stopSequences"u8) is { ValueKind: JsonValueKind.Array } stops)
        {
            foreach (var stop in stops.EnumerateArray())
                request.Stop.Add(stop.Text() ?? throw new RequestFormatException("'inferenceConfig.stopSequences' must be texts.", "inferenceConfig.stopSequences"));
        }

        ConverseExtras.Read(inference, "inferenceConfig.", request.Extras, "maxTokens", "temperature", "topP", "stopSequences");
    }

    private static void ReadOutput(JsonElement output, ChatRequest request)
    {
        if (output.ValueKind != JsonValueKind.Object)
            return;
        var definition = output.Get("textFormat"u8).Get("structure"u8).Get("jsonSchema"u8);
        if (definition.Text("schema"u8) is { } schema)
        {
            request.Format = new ResponseFormat
            {
                Schema = WireJson.ValueOf(schema) ?? throw new RequestFormatException(
                    "'outputConfig.textFormat.structure.jsonSchema.schema' must be JSON.", "outputConfig.textFormat.structure.jsonSchema.schema"),
                Name = definition.Text("name"u8),
                Description = definition.Text("description"u8),
            };
        }

        if (output.Text("effort"u8) is { } effort)
        {
            var known = request.Reasoning;
            request.Reasoning = new ReasoningSettings
            {
                Enabled = known?.Enabled,
                Effort = effort,
                BudgetTokens = known?.BudgetTokens,
                Adaptive = known?.Adaptive ?? false,
                Summary = known?.Summary,
            };
        }

        ConverseExtras.Read(output, "outputConfig.", request.Extras, request.Format is null ? "effort" : "textFormat", "effort");
    }
}
