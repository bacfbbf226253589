using System.Text.Json;

namespace GatewayApi.Simulator;

/// <summary>The output items of a Response: thinking, then a message or tool calls.</summary>
internal sealed class ResponseItems(Answer answer)
{
    private readonly string _suffix = Ids.Random(40);

    /// <summary>Whether the output starts with thinking.</summary>
    public bool HasReasoning => answer.Reasoning.Count > 0;

    /// <summary>The id of the thinking item.</summary>
    public string ReasoningId => "rs_" + _suffix;

    /// <summary>The id of the message item.</summary>
    public string MessageId => "msg_" + _suffix;

    /// <summary>The id of a call item, which isn't the id its result refers to.</summary>
    public string CallItemId(int call) => "fc_" + answer.Calls[call].Id[5..];

    /// <summary>Every item, complete.</summary>
    public void WriteAll(Utf8JsonWriter json)
    {
        if (HasReasoning)
            WriteReasoning(json, complete: true);
        if (answer.Calls.Count == 0)
            WriteMessage(json, complete: true);
        for (var call = 0; call < answer.Calls.Count; call++)
            WriteCall(json, call, complete: true);
    }

    /// <summary>The thinking item; empty while it is being made.</summary>
    public void WriteReasoning(Utf8JsonWriter json, bool complete)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, ReasoningId);
        json.WriteString("type"u8, "reasoning"u8);
        json.WriteStartArray("summary"u8);
        if (complete)
            WriteSummary(json, string.Concat(answer.Reasoning));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The message item; empty while it is being made.</summary>
    public void WriteMessage(Utf8JsonWriter json, bool complete)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, MessageId);
        json.WriteString("type"u8, "message"u8);
        json.WriteString("status"u8, Status(complete));
        json.WriteString("role"u8, "assistant"u8);
        json.WriteStartArray("content"u8);
        if (complete)
            WriteText(json, string.Concat(answer.Text));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>A call item; without arguments while it is being made.</summary>
    public void WriteCall(Utf8JsonWriter json, int call, bool complete)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, CallItemId(call));
        json.WriteString("type"u8, "function_call"u8);
        json.WriteString("status"u8, Status(complete));
        json.WriteString("call_id"u8, answer.Calls[call].Id);
        json.WriteString("name"u8, answer.Calls[call].Name);
        json.WriteString("arguments"u8, complete ? string.Concat(answer.Calls[call].Arguments) : string.Empty);
        json.WriteEndObject();
    }

    /// <summary>A message's text part.</summary>
    public static void WriteText(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "output_text"u8);
        json.WriteString("text"u8, text);
        json.WriteStartArray("annotations"u8);
        json.WriteEndArray();
        json.WriteStartArray("logprobs"u8);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>A thinking item's summary part.</summary>
    public static void WriteSummary(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "summary_text"u8);
        json.WriteString("text"u8, text);
        json.WriteEndObject();
    }

    private string Status(bool complete) => !complete ? "in_progress" : answer.FinishReason == "length" ? "incomplete" : "completed";
}
