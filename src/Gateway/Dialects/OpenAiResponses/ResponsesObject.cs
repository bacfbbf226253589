using System.Text.Json;
using Gateway.Dialects.OpenAi;
using Gateway.Metering;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.OpenAiResponses;

/// <summary>Writes the response object, which repeats much of the request.</summary>
internal sealed class ResponsesObject(ReplyEnvelope envelope, string? id, string? model)
{
    /// <summary>The response's id.</summary>
    public string Id { get; } = id?.StartsWith("resp_", StringComparison.Ordinal) == true ? id : $"resp_{envelope.RequestId}";

    /// <summary>Service tier as the provider says, or null.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>Members of the reply that only its wire knows.</summary>
    public List<ExtraMember> Extras { get; init; } = [];

    /// <summary>Writes the object.</summary>
    /// <param name="json">Where a value is due.</param>
    /// <param name="items">The output so far.</param>
    /// <param name="finish">Why the answer ended; null while it goes on.</param>
    /// <param name="usage">Tokens, or null.</param>
    public void Write(Utf8JsonWriter json, List<ResponsesItem> items, FinishReason? finish, TokenUsage? usage)
    {
        var request = envelope.Request;
        json.WriteStartObject();
        json.WriteText("id"u8, Id);
        json.WriteString("object"u8, "response"u8);
        json.WriteNumber("created_at"u8, envelope.Created.ToUnixTimeSeconds());
        json.WriteString("status"u8, Status(finish));
        json.WriteBoolean("background"u8, false);
        WriteEnd(json, finish);
        WriteInstructions(json, request);
        WriteNumber(json, "max_output_tokens"u8, request.MaxOutputTokens);
        json.WriteNull("max_tool_calls"u8);
        json.WriteText("model"u8, model is { Length: > 0 } ? model : envelope.Model);
        json.WriteStartArray("output"u8);
        foreach (var item in items)
            item.Write(json);
        json.WriteEndArray();
        json.WriteBoolean("parallel_tool_calls"u8, request.ParallelToolCalls ?? true);
        json.WriteNull("previous_response_id"u8);
        if (request.PromptCacheKey is { } key)
            json.WriteText("prompt_cache_key"u8, key);
        json.WriteStartObject("reasoning"u8);
        WriteTextOrNull(json, "effort"u8, request.Reasoning?.Effort);
        WriteTextOrNull(json, "summary"u8, request.Reasoning?.Summary);
        json.WriteEndObject();
        json.WriteText("service_tier"u8, ServiceTier ?? "default");
        json.WriteBoolean("store"u8, false); // the gateway keeps none
        WriteNumber(json, "temperature"u8, request.Temperature);
        WriteForm(json, request);
        json.WriteNumber("top_logprobs"u8, request.TopLogprobs ?? 0);
        WriteNumber(json, "top_p"u8, request.TopP);
        json.WriteString("truncation"u8, "disabled"u8);
        if (usage is { } said)
        {
            json.WritePropertyName("usage"u8);
            OpenAiUsage.WriteResponses(json, said);
        }

        if (request.User is { } user)
            json.WriteText("user"u8, user);
        json.WritePropertyName("metadata"u8);
        if (request.Metadata.IsMissing)
        {
            json.WriteStartObject();
            json.WriteEndObject();
        }
        else
        {
            request.Metadata.WriteTo(json);
        }

        OpenAiExtras.WriteReply(json, Extras, Operation.Responses);
        json.WriteEndObject();
    }

    private static ReadOnlySpan<byte> Status(FinishReason? finish) => finish switch
    {
        null => "in_progress"u8,
        FinishReason.Length or FinishReason.ContentFilter => "incomplete"u8,
        FinishReason.Error => "failed"u8,
        _ => "completed"u8,
    };

    private void WriteEnd(Utf8JsonWriter json, FinishReason? finish)
    {
        if (finish is FinishReason.Stop or FinishReason.ToolCalls or FinishReason.Pause)
            json.WriteNumber("completed_at"u8, envelope.Created.ToUnixTimeSeconds());
        else
            json.WriteNull("completed_at"u8);
        if (finish == FinishReason.Error)
        {
            json.WriteStartObject("error"u8);
            json.WriteString("code"u8, "server_error"u8);
            json.WriteString("message"u8, "The model failed to answer."u8);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("error"u8);
        }

        if (finish is FinishReason.Length or FinishReason.ContentFilter)
        {
            json.WriteStartObject("incomplete_details"u8);
            json.WriteString("reason"u8, finish == FinishReason.Length ? "max_output_tokens"u8 : "content_filter"u8);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("incomplete_details"u8);
        }
    }

    private static void WriteInstructions(Utf8JsonWriter json, ChatRequest request)
    {
        var first = request.Messages.Count > 0 ? request.Messages[0] : null;
        var isNoted = first is not null && OpenAiExtras.HasNote(first.Extras, Operation.Responses, ResponsesRequestReader.InstructionsNote);
        WriteTextOrNull(json, "instructions"u8, isNoted && first!.Parts is [TextPart text] ? text.Text : null);
    }

    private static void WriteForm(Utf8JsonWriter json, ChatRequest request)
    {
        json.WriteStartObject("text"u8);
        json.WritePropertyName("format"u8);
        ResponsesToolWriter.WriteFormat(json, request.Format, null);
        json.WriteText("verbosity"u8, request.Verbosity ?? "medium");
        json.WriteEndObject();
        json.WritePropertyName("tool_choice"u8);
        ResponsesToolWriter.WriteChoice(json, request.ToolChoice);
        json.WritePropertyName("tools"u8);
        ResponsesToolWriter.WriteTools(json, request.Tools, null);
    }

    private static void WriteTextOrNull(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? text)
    {
        if (text is null)
            json.WriteNull(name);
        else
            json.WriteText(name, text);
    }

    private static void WriteNumber(Utf8JsonWriter json, ReadOnlySpan<byte> name, double? number)
    {
        if (number is { } value)
            json.WriteNumber(name, value);
        else
            json.WriteNull(name);
    }
}
