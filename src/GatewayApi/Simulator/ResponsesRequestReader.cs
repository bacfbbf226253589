using System.Text.Json;

namespace GatewayApi.Simulator;

/// <summary>Reads <c>POST /v1/responses</c>.</summary>
internal static class ResponsesRequestReader
{
    private const int LeastOutputTokens = 16;

    /// <summary>The request in common terms.</summary>
    /// <exception cref="SimulatorException">400 naming the member at fault.</exception>
    public static SimulatedRequest Read(JsonElement body, SimulatorModel model)
    {
        var conversation = new ConversationReader();
        conversation.AddJson(body.Member("instructions"));
        var input = body.Member("input");
        switch (input.ValueKind)
        {
            case JsonValueKind.String:
                conversation.Add("user", input, "input");
                break;
            case JsonValueKind.Array:
                ReadItems(input, conversation);
                break;
            default:
                throw SimulatorException.BadRequest("input", "'input' is required: a string or an array of items.");
        }

        var (tools, required) = ToolReader.Read(body);
        var (format, schema) = Format(body.Member("text").Member("format"));
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
            Tools = tools,
            ToolRequired = required,
            ParallelTools = body.Flag("parallel_tool_calls", otherwise: true),
            Format = format,
            Schema = schema,
            MaxTokens = body.Integer("max_output_tokens", LeastOutputTokens),
        };
    }

    private static void ReadItems(JsonElement items, ConversationReader conversation)
    {
        var index = 0;
        foreach (var item in items.EnumerateArray())
        {
            var parameter = "input[" + index++ + "]";
            if (item.ValueKind != JsonValueKind.Object)
                throw SimulatorException.BadRequest(parameter, "'" + parameter + "' must be an object.");
            switch (item.String("type"))
            {
                case null or "message":
                    conversation.Add(item.String("role"), item.Member("content"), parameter);
                    break;
                case "function_call_output":
                    conversation.Add("tool", item.Member("output"), parameter);
                    break;
                default:
                    // Calls, reasoning and references of earlier turns are part of the prompt and change nothing else.
                    conversation.AddJson(item);
                    break;
            }
        }
    }

    private static (AnswerFormat Format, JsonElement Schema) Format(JsonElement format)
    {
        if (!format.Exists())
            return (AnswerFormat.Text, default);
        return format.String("type") switch
        {
            "text" => (AnswerFormat.Text, default),
            "json_object" => (AnswerFormat.JsonObject, default),
            "json_schema" when format.Member("schema").Exists() => (AnswerFormat.JsonSchema, format.Member("schema")),
            _ => throw SimulatorException.BadRequest("text.format", "'text.format' must be text, json_object, or json_schema with a schema."),
        };
    }
}
