using System.Text.Json;

namespace GatewayApi.Simulator;

/// <summary>Writes answers as legacy completions.</summary>
internal sealed class CompletionsReplyWriter(SimulatedRequest request, Answer[] answers, long created) : IReplyWriter
{
    private readonly string _id = "cmpl-" + Ids.Random(29);

    /// <inheritdoc/>
    public void WriteBody(Utf8JsonWriter json)
    {
        WriteHead(json);
        for (var i = 0; i < answers.Length; i++)
            WriteChoice(json, i, string.Concat(answers[i].Text), answers[i].FinishReason);
        json.WriteEndArray();
        WriteUsage(json);
        json.WriteEndObject();
    }

    /// <inheritdoc/>
    public IEnumerable<ReplyStep> WriteEvents(EventFrame frame)
    {
        var rounds = answers.Max(answer => answer.Text.Count);
        for (var round = 0; round < rounds; round++)
        {
            var step = ReplyStep.Token;
            for (var i = 0; i < answers.Length; i++)
            {
                if (round >= answers[i].Text.Count)
                    continue;
                yield return Chunk(frame, i, answers[i].Text[round], null, step);
                step = ReplyStep.Framing;
            }
        }

        for (var i = 0; i < answers.Length; i++)
            yield return Chunk(frame, i, string.Empty, answers[i].FinishReason, ReplyStep.Framing);

        if (request.IncludeUsage)
        {
            var json = frame.Begin();
            WriteHead(json);
            json.WriteEndArray();
            WriteUsage(json);
            json.WriteEndObject();
            yield return frame.End(ReplyStep.Framing);
        }

        frame.SetRaw("[DONE]"u8);
        yield return ReplyStep.Done;
    }

    private static void WriteChoice(Utf8JsonWriter json, int index, string text, string? finishReason)
    {
        json.WriteStartObject();
        json.WriteString("text"u8, text);
        json.WriteNumber("index"u8, index);
        json.WriteNull("logprobs"u8);
        json.WriteString("finish_reason"u8, finishReason);
        json.WriteEndObject();
    }

    private ReplyStep Chunk(EventFrame frame, int index, string text, string? finishReason, ReplyStep step)
    {
        var json = frame.Begin();
        WriteHead(json);
        WriteChoice(json, index, text, finishReason);
        json.WriteEndArray();
        if (request.IncludeUsage)
            json.WriteNull("usage"u8);
        json.WriteEndObject();
        return frame.End(step);
    }

    // Leaves the reply open inside its choices.
    private void WriteHead(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, _id);
        json.WriteString("object"u8, "text_completion"u8);
        json.WriteNumber("created"u8, created);
        json.WriteString("model"u8, request.Model.Id);
        json.WriteString("system_fingerprint"u8, ReplyFacts.Fingerprint);
        json.WriteStartArray("choices"u8);
    }

    private void WriteUsage(Utf8JsonWriter json) =>
        UsageWriter.WriteChat(json, request.InputTokens, answers.Sum(a => a.Tokens), answers.Sum(a => a.Reasoning.Count));
}
