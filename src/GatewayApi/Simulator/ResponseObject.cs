using System.Text.Json;

namespace GatewayApi.Simulator;

/// <summary>Writes the Response object, which repeats much of the request.</summary>
internal sealed class ResponseObject(SimulatedRequest request, Answer answer, long created)
{
    private readonly string _id = "resp_" + Ids.Random(48);

    /// <summary>The status when all is said: completed, or incomplete when the limit was met.</summary>
    public string FinalStatus => answer.FinishReason == "length" ? "incomplete" : "completed";

    /// <summary>Writes the object.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="items">The output, or null while it is being made.</param>
    public void Write(Utf8JsonWriter json, ResponseItems? items)
    {
        var body = request.Body;
        var final = items is not null;
        json.WriteStartObject();
        json.WriteString("id"u8, _id);
        json.WriteString("object"u8, "response"u8);
        json.WriteNumber("created_at"u8, created);
        json.WriteString("status"u8, final ? FinalStatus : "in_progress");
        json.WriteBoolean("background"u8, false);
        json.WriteNull("error"u8);
        WriteIncomplete(json, final);
        json.WriteAsCame("instructions", body.Member("instructions"));
        json.WriteAsCame("max_output_tokens", body.Member("max_output_tokens"));
        json.WriteNull("max_tool_calls"u8);
        json.WriteString("model"u8, request.Model.Id);
        json.WriteStartArray("output"u8);
        items?.WriteAll(json);
        json.WriteEndArray();
        json.WriteBoolean("parallel_tool_calls"u8, request.ParallelTools);
        json.WriteAsCame("previous_response_id", body.Member("previous_response_id"));
        WriteReasoning(json);
        json.WriteString("service_tier"u8, "default"u8);
        json.WriteBoolean("store"u8, body.Flag("store", otherwise: true));
        WriteOr(json, "temperature", "1"u8);
        WriteText(json);
        WriteOr(json, "tool_choice", "\"auto\""u8);
        WriteTools(json);
        json.WriteNumber("top_logprobs"u8, 0);
        WriteOr(json, "top_p", "1"u8);
        WriteOr(json, "truncation", "\"disabled\""u8);
        if (final)
            UsageWriter.WriteResponses(json, request.InputTokens, answer.Tokens, answer.Reasoning.Count);
        if (body.Member("user").Exists())
            json.WriteAsCame("user", body.Member("user"));
        WriteOr(json, "metadata", "{}"u8);
        json.WriteEndObject();
    }

    private void WriteIncomplete(Utf8JsonWriter json, bool final)
    {
        if (!final || answer.FinishReason != "length")
        {
            json.WriteNull("incomplete_details"u8);
            return;
        }

        json.WriteStartObject("incomplete_details"u8);
        json.WriteString("reason"u8, "max_output_tokens"u8);
        json.WriteEndObject();
    }

    private void WriteReasoning(Utf8JsonWriter json)
    {
        var reasoning = request.Body.Member("reasoning");
        json.WriteStartObject("reasoning"u8);
        json.WriteAsCame("effort", reasoning.Member("effort"));
        json.WriteAsCame("summary", reasoning.Member("summary"));
        json.WriteEndObject();
    }

    private void WriteText(Utf8JsonWriter json)
    {
        var text = request.Body.Member("text");
        json.WriteStartObject("text"u8);
        json.WritePropertyName("format"u8);
        json.WriteRawValue(text.Member("format") is { ValueKind: JsonValueKind.Object } format ? format.Raw() : "{\"type\":\"text\"}"u8, skipInputValidation: true);
        json.WritePropertyName("verbosity"u8);
        json.WriteRawValue(text.Member("verbosity") is { ValueKind: JsonValueKind.String } verbosity ? verbosity.Raw() : "\"medium\""u8, skipInputValidation: true);
        json.WriteEndObject();
    }

    private void WriteTools(Utf8JsonWriter json)
    {
        json.WriteStartArray("tools"u8);
        foreach (var tool in request.Body.Member("tools") is { ValueKind: JsonValueKind.Array } tools ? tools.EnumerateArray() : default)
            json.WriteRawValue(tool.Member("type") is { ValueKind: JsonValueKind.String } type && type.ValueEquals("function"u8) ? Function(tool) : tool.Raw(), skipInputValidation: true);
        json.WriteEndArray();
    }

    // A function with what was taken for granted; its own members stay as they came.
    private static byte[] Function(JsonElement tool) =>
    [
        .. tool.Raw()[..^1],
        .. tool.TryGetProperty("parameters"u8, out _) ? default : ",\"parameters\":null"u8,
        .. tool.TryGetProperty("strict"u8, out _) ? default : ",\"strict\":true"u8,
        (byte)'}',
    ];

    private void WriteOr(Utf8JsonWriter json, string name, ReadOnlySpan<byte> otherwise)
    {
        json.WritePropertyName(name);
        var value = request.Body.Member(name);
        json.WriteRawValue(value.Exists() ? value.Raw() : otherwise, skipInputValidation: true);
    }
}
