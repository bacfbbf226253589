using System.Text;
using System.Text.Json;
using Gateway.Dialects.OpenAi;
using Gateway.Protocol;

namespace Gateway.Dialects.OpenAiResponses;

/// <summary>An item of the output, whole or growing.</summary>
internal sealed class ResponsesItem
{
    /// <summary>What it is.</summary>
    public required ResponsesItemKind Kind { get; init; }

    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Its place in the output.</summary>
    public required int Index { get; init; }

    /// <summary>in_progress, completed or incomplete.</summary>
    public string Status { get; set; } = "completed";

    /// <summary>The parts of a message.</summary>
    public List<ResponsesContent> Contents { get; } = [];

    /// <summary>Text of reasoning, arguments of a call, or base64 of an image.</summary>
    public StringBuilder Text { get; } = new();

    /// <summary>What links a call to its result.</summary>
    public string? CallId { get; init; }

    /// <summary>The function.</summary>
    public string? Name { get; init; }

    /// <summary>Whose reasoning it is.</summary>
    public ReasoningOrigin Origin { get; init; }

    /// <summary>The <c>encrypted_content</c> of reasoning, or null.</summary>
    public string? Encrypted { get; set; }

    /// <summary>The item as it came.</summary>
    public RawJson Raw { get; init; }

    /// <summary>Writes it as it stands.</summary>
    public void Write(Utf8JsonWriter json)
    {
        if (Kind == ResponsesItemKind.Raw)
        {
            Raw.WriteTo(json);
            return;
        }

        json.WriteStartObject();
        json.WriteText("id"u8, Id);
        switch (Kind)
        {
            case ResponsesItemKind.Message:
                json.WriteString("type"u8, "message"u8);
                json.WriteString("status"u8, Status);
                json.WriteString("role"u8, "assistant"u8);
                json.WriteStartArray("content"u8);
                foreach (var content in Contents)
                    WriteContent(json, content);
                json.WriteEndArray();
                break;
            case ResponsesItemKind.Reasoning:
                WriteReasoning(json);
                break;
            case ResponsesItemKind.FunctionCall:
                json.WriteString("type"u8, "function_call"u8);
                json.WriteString("status"u8, Status);
                json.WriteText("arguments"u8, Text.ToString());
                json.WriteText("call_id"u8, CallId ?? "");
                json.WriteText("name"u8, Name ?? "");
                break;
            default:
                json.WriteString("type"u8, "image_generation_call"u8);
                json.WriteString("status"u8, Status);
                if (Text.Length > 0)
                    json.WriteText("result"u8, Text.ToString());
                else
                    json.WriteNull("result"u8);
                break;
        }

        json.WriteEndObject();
    }

    private void WriteReasoning(Utf8JsonWriter json)
    {
        json.WriteString("type"u8, "reasoning"u8);
        json.WriteStartArray("summary"u8);
        if (Text.Length > 0)
            WriteSummary(json, Text.ToString());
        json.WriteEndArray();
        if (Encrypted is { } encrypted)
            json.WriteText("encrypted_content"u8, encrypted);
    }

    /// <summary>Writes a part of a reasoning's summary.</summary>
    public static void WriteSummary(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "summary_text"u8);
        json.WriteText("text"u8, text);
        json.WriteEndObject();
    }

    /// <summary>Writes a content part.</summary>
    public static void WriteContent(Utf8JsonWriter json, ResponsesContent content)
    {
        json.WriteStartObject();
        if (content.IsRefusal)
        {
            json.WriteString("type"u8, "refusal"u8);
            json.WriteText("refusal"u8, content.Text.ToString());
        }
        else
        {
            json.WriteString("type"u8, "output_text"u8);
            json.WriteText("text"u8, content.Text.ToString());
            json.WriteStartArray("annotations"u8);
            foreach (var annotation in content.Annotations)
                OpenAiCitations.Write(json, annotation, nested: false, 0, content.Text.Length);
            json.WriteEndArray();
            json.WritePropertyName("logprobs"u8);
            WriteLogprobs(json, content.Logprobs);
        }

        json.WriteEndObject();
    }

    /// <summary>Writes an array of log probabilities.</summary>
    public static void WriteLogprobs(Utf8JsonWriter json, List<RawJson> logprobs)
    {
        json.WriteStartArray();
        foreach (var token in logprobs)
            token.WriteTo(json);
        json.WriteEndArray();
    }
}
