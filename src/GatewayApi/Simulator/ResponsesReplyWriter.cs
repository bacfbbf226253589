using System.Text.Json;

namespace GatewayApi.Simulator;

/// <summary>Writes an answer as Responses.</summary>
internal sealed class ResponsesReplyWriter(SimulatedRequest request, Answer answer, long created) : IReplyWriter
{
    private readonly ResponseObject _response = new(request, answer, created);
    private readonly ResponseItems _items = new(answer);
    private int _sequence;
    private int _outputIndex;

    /// <inheritdoc/>
    public void WriteBody(Utf8JsonWriter json) => _response.Write(json, _items);

    /// <inheritdoc/>
    public IEnumerable<ReplyStep> WriteEvents(EventFrame frame)
    {
        yield return Whole(frame, "response.created", final: false, ReplyStep.Preamble);
        yield return Whole(frame, "response.in_progress", final: false, ReplyStep.Preamble);
        if (_items.HasReasoning)
        {
            foreach (var step in WriteReasoning(frame))
                yield return step;
        }

        if (answer.Calls.Count == 0)
        {
            foreach (var step in WriteMessage(frame))
                yield return step;
        }

        for (var call = 0; call < answer.Calls.Count; call++)
        {
            foreach (var step in WriteCall(frame, call))
                yield return step;
        }

        yield return Whole(frame, "response." + _response.FinalStatus, final: true, ReplyStep.Framing);
    }

    private IEnumerable<ReplyStep> WriteReasoning(EventFrame frame)
    {
        var text = string.Concat(answer.Reasoning);
        _items.WriteReasoning(BeginItem(frame, "response.output_item.added"), complete: false);
        yield return End(frame);
        ResponseItems.WriteSummary(BeginPart(frame, "response.reasoning_summary_part.added", _items.ReasoningId, "summary_index", "part"), string.Empty);
        yield return End(frame);
        foreach (var token in answer.Reasoning)
        {
            BeginPart(frame, "response.reasoning_summary_text.delta", _items.ReasoningId, "summary_index", "delta").WriteStringValue(token);
            yield return End(frame, ReplyStep.Token);
        }

        BeginPart(frame, "response.reasoning_summary_text.done", _items.ReasoningId, "summary_index", "text").WriteStringValue(text);
        yield return End(frame);
        ResponseItems.WriteSummary(BeginPart(frame, "response.reasoning_summary_part.done", _items.ReasoningId, "summary_index", "part"), text);
        yield return End(frame);
        _items.WriteReasoning(BeginItem(frame, "response.output_item.done"), complete: true);
        yield return End(frame);
        _outputIndex++;
    }

    private IEnumerable<ReplyStep> WriteMessage(EventFrame frame)
    {
        var text = string.Concat(answer.Text);
        _items.WriteMessage(BeginItem(frame, "response.output_item.added"), complete: false);
        yield return End(frame);
        ResponseItems.WriteText(BeginPart(frame, "response.content_part.added", _items.MessageId, "content_index", "part"), string.Empty);
        yield return End(frame);
        foreach (var token in answer.Text)
        {
            BeginPart(frame, "response.output_text.delta", _items.MessageId, "content_index", "delta").WriteStringValue(token);
            yield return EndText(frame, ReplyStep.Token);
        }

        BeginPart(frame, "response.output_text.done", _items.MessageId, "content_index", "text").WriteStringValue(text);
        yield return EndText(frame, ReplyStep.Framing);
        ResponseItems.WriteText(BeginPart(frame, "response.content_part.done", _items.MessageId, "content_index", "part"), text);
        yield return End(frame);
        _items.WriteMessage(BeginItem(frame, "response.output_item.done"), complete: true);
        yield return End(frame);
        _outputIndex++;
    }

    private IEnumerable<ReplyStep> WriteCall(EventFrame frame, int call)
    {
        var id = _items.CallItemId(call);
        _items.WriteCall(BeginItem(frame, "response.output_item.added"), call, complete: false);
        yield return End(frame);
        foreach (var token in answer.Calls[call].Arguments)
        {
            BeginPart(frame, "response.function_call_arguments.delta", id, null, "delta").WriteStringValue(token);
            yield return End(frame, ReplyStep.Token);
        }

        var json = BeginPart(frame, "response.function_call_arguments.done", id, null, "name");
        json.WriteStringValue(answer.Calls[call].Name);
        json.WriteString("arguments"u8, string.Concat(answer.Calls[call].Arguments));
        yield return End(frame);
        _items.WriteCall(BeginItem(frame, "response.output_item.done"), call, complete: true);
        yield return End(frame);
        _outputIndex++;
    }

    private ReplyStep Whole(EventFrame frame, string type, bool final, ReplyStep step)
    {
        var json = Begin(frame, type);
        json.WritePropertyName("response"u8);
        _response.Write(json, final ? _items : null);
        return End(frame, step);
    }

    private Utf8JsonWriter Begin(EventFrame frame, string type)
    {
        var json = frame.Begin(type);
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        json.WriteNumber("sequence_number"u8, _sequence++);
        return json;
    }

    // The caller writes the item next.
    private Utf8JsonWriter BeginItem(EventFrame frame, string type)
    {
        var json = Begin(frame, type);
        json.WriteNumber("output_index"u8, _outputIndex);
        json.WritePropertyName("item"u8);
        return json;
    }

    // The caller writes the value of the last member next.
    private Utf8JsonWriter BeginPart(EventFrame frame, string type, string itemId, string? index, string member)
    {
        var json = Begin(frame, type);
        json.WriteString("item_id"u8, itemId);
        json.WriteNumber("output_index"u8, _outputIndex);
        if (index is not null)
            json.WriteNumber(index, 0);
        json.WritePropertyName(member);
        return json;
    }

    private static ReplyStep EndText(EventFrame frame, ReplyStep step)
    {
        frame.Json.WriteStartArray("logprobs"u8);
        frame.Json.WriteEndArray();
        return End(frame, step);
    }

    private static ReplyStep End(EventFrame frame, ReplyStep step = ReplyStep.Framing)
    {
        frame.Json.WriteEndObject();
        return frame.End(step);
    }
}
