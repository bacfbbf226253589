using System.Text.Json;

namespace GatewayApi.Simulator;

/// <summary>Writes answers as Chat Completions.</summary>
internal sealed class ChatReplyWriter(SimulatedRequest request, Answer[] answers, long created) : IReplyWriter
{
    private readonly string _id = "chatcmpl-" + Ids.Random(29);

    /// <inheritdoc/>
    public void WriteBody(Utf8JsonWriter json)
    {
        WriteHead(json, "chat.completion"u8);
        for (var i = 0; i < answers.Length; i++)
            WriteChoice(json, i, answers[i]);
        json.WriteEndArray();
        WriteUsage(json);
        json.WriteEndObject();
    }

    /// <inheritdoc/>
    public IEnumerable<ReplyStep> WriteEvents(EventFrame frame)
    {
        // Several choices take turns, token by token; only the first of a round waits for its pace.
        var deltas = answers.Select(answer => answer.Deltas().GetEnumerator()).ToArray();
        for (var i = 0; i < answers.Length; i++)
        {
            WriteOpening(BeginChunk(frame, i), answers[i]);
            yield return EndChunk(frame, null, ReplyStep.Framing);
        }

        var rounds = answers.Max(answer => answer.Tokens);
        for (var round = 0; round < rounds; round++)
        {
            var step = ReplyStep.Token;
            for (var i = 0; i < answers.Length; i++)
            {
                while (deltas[i].MoveNext())
                {
                    var delta = deltas[i].Current;
                    WriteDelta(BeginChunk(frame, i), answers[i], delta);
                    var isToken = delta.Kind != AnswerDeltaKind.CallStart;
                    yield return EndChunk(frame, null, isToken ? step : ReplyStep.Framing);
                    if (isToken)
                    {
                        step = ReplyStep.Framing;
                        break;
                    }
                }
            }
        }

        for (var i = 0; i < answers.Length; i++)
        {
            BeginChunk(frame, i);
            yield return EndChunk(frame, answers[i].FinishReason, ReplyStep.Framing);
        }

        if (request.IncludeUsage)
        {
            var json = frame.Begin();
            WriteHead(json, "chat.completion.chunk"u8);
            json.WriteEndArray();
            WriteUsage(json);
            json.WriteEndObject();
            yield return frame.End(ReplyStep.Framing);
        }

        frame.SetRaw("[DONE]"u8);
        yield return ReplyStep.Done;
    }

    private static void WriteOpening(Utf8JsonWriter json, Answer answer)
    {
        json.WriteString("role"u8, "assistant"u8);
        if (answer.Calls.Count > 0)
            json.WriteNull("content"u8);
        else
            json.WriteString("content"u8, ""u8);
        json.WriteNull("refusal"u8);
    }

    private static void WriteDelta(Utf8JsonWriter json, Answer answer, AnswerDelta delta)
    {
        switch (delta.Kind)
        {
            case AnswerDeltaKind.Reasoning:
                json.WriteString("reasoning_content"u8, delta.Text);
                return;
            case AnswerDeltaKind.Text:
                json.WriteString("content"u8, delta.Text);
                return;
        }

        json.WriteStartArray("tool_calls"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, delta.Call);
        if (delta.Kind == AnswerDeltaKind.CallStart)
        {
            json.WriteString("id"u8, answer.Calls[delta.Call].Id);
            json.WriteString("type"u8, "function"u8);
        }

        json.WriteStartObject("function"u8);
        if (delta.Kind == AnswerDeltaKind.CallStart)
            json.WriteString("name"u8, answer.Calls[delta.Call].Name);
        json.WriteString("arguments"u8, delta.Text);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteChoice(Utf8JsonWriter json, int index, Answer answer)
    {
        json.WriteStartObject();
        json.WriteNumber("index"u8, index);
        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant"u8);
        if (answer.Calls.Count > 0)
            json.WriteNull("content"u8);
        else
            json.WriteString("content"u8, string.Concat(answer.Text));
        if (answer.Reasoning.Count > 0)
            json.WriteString("reasoning_content"u8, string.Concat(answer.Reasoning));
        if (answer.Calls.Count > 0)
            WriteCalls(json, answer.Calls);
        json.WriteNull("refusal"u8);
        json.WriteStartArray("annotations"u8);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteNull("logprobs"u8);
        json.WriteString("finish_reason"u8, answer.FinishReason);
        json.WriteEndObject();
    }

    private static void WriteCalls(Utf8JsonWriter json, IReadOnlyList<AnswerCall> calls)
    {
        json.WriteStartArray("tool_calls"u8);
        foreach (var call in calls)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, call.Id);
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, call.Name);
            json.WriteString("arguments"u8, string.Concat(call.Arguments));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // Leaves the chunk open inside its delta.
    private Utf8JsonWriter BeginChunk(EventFrame frame, int choice)
    {
        var json = frame.Begin();
        WriteHead(json, "chat.completion.chunk"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, choice);
        json.WriteStartObject("delta"u8);
        return json;
    }

    private ReplyStep EndChunk(EventFrame frame, string? finishReason, ReplyStep step)
    {
        var json = frame.Json;
        json.WriteEndObject();
        json.WriteNull("logprobs"u8);
        json.WriteString("finish_reason"u8, finishReason);
        json.WriteEndObject();
        json.WriteEndArray();
        if (request.IncludeUsage)
            json.WriteNull("usage"u8);
        json.WriteEndObject();
        return frame.End(step);
    }

    // Leaves the reply open inside its choices.
    private void WriteHead(Utf8JsonWriter json, ReadOnlySpan<byte> kind)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, _id);
        json.WriteString("object"u8, kind);
        json.WriteNumber("created"u8, created);
        json.WriteString("model"u8, request.Model.Id);
        json.WriteString("service_tier"u8, "default"u8);
        json.WriteString("system_fingerprint"u8, ReplyFacts.Fingerprint);
        json.WriteStartArray("choices"u8);
    }

    private void WriteUsage(Utf8JsonWriter json) =>
        UsageWriter.WriteChat(json, request.InputTokens, answers.Sum(a => a.Tokens), answers.Sum(a => a.Reasoning.Count));
}
