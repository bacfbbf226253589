using System.Text.Json;

namespace GatewayApi.Simulator;

/// <summary>Reads <c>POST /v1/chat/completions</c>.</summary>
internal static class ChatRequestReader
{
    /// <summary>The request in common terms.</summary>
    /// <exception cref="SimulatorException">400 naming the member at fault.</exception>
    public static SimulatedRequest Read(JsonElement body, SimulatorModel model)
    {
        var messages = body.Member("messages");
        if (messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() == 0)
            throw SimulatorException.BadRequest("messages", "'messages' is required: an array of at least one message.");

        var conversation = new ConversationReader();
        var index = 0;
        foreach (var message in messages.EnumerateArray())
        {
            var parameter = "messages[" + index++ + "]";
            if (message.ValueKind != JsonValueKind.Object)
                throw SimulatorException.BadRequest(parameter, "'" + parameter + "' must be an object.");
            conversation.Add(message.String("role"), message.Member("content"), parameter);
            conversation.AddJson(message.Member("tool_calls"));
        }

        var (tools, required) = ToolReader.Read(body);
        var (format, schema) = Format(body.Member("response_format"));
        conversation.AddJson(body.Member("tools"));
        conversation.AddJson(schema);
        return new SimulatedRequest
        {
            Model = model,
            Body = body,
            Prompts = [conversation.LastUser.Text],
            Images = conversation.LastUser.Images,
            Attachments = conversation.LastUser.Attachments,
            InputTokens = conversation.Tokens,
            ToolResult = conversation.ToolResult,
            LastAnswer = conversation.LastAnswer,
            Stream = body.Flag("stream"),
            IncludeUsage = body.Member("stream_options").Flag("include_usage"),
            Tools = tools,
            ToolRequired = required,
            ParallelTools = body.Flag("parallel_tool_calls", otherwise: true),
            Format = format,
            Schema = schema,
            MaxTokens = body.Integer("max_completion_tokens", 1) ?? body.Integer("max_tokens", 1),
            Stops = StopReader.Read(body),
            Choices = body.Integer("n", 1, 128) ?? 1,
            Seed = SeedReader.Read(body),
        };
    }

    private static (AnswerFormat Format, JsonElement Schema) Format(JsonElement format)
    {
        if (!format.Exists())
            return (AnswerFormat.Text, default);
        switch (format.String("type"))
        {
            case "text":
                return (AnswerFormat.Text, default);
            case "json_object":
                return (AnswerFormat.JsonObject, default);
            case "json_schema":
                var schema = format.Member("json_schema").Member("schema");
                return schema.Exists()
                    ? (AnswerFormat.JsonSchema, schema)
                    : throw SimulatorException.BadRequest("response_format.json_schema", "'response_format.json_schema.schema' is required.");
            default:
                throw SimulatorException.BadRequest("response_format.type", "'response_format.type' must be text, json_object or json_schema.");
        }
    }
}
