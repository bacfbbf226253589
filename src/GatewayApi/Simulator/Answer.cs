namespace GatewayApi.Simulator;

/// <summary>One choice's whole content, already in tokens.</summary>
/// <param name="Reasoning">Thinking, before the text.</param>
/// <param name="Text">The answer's text; empty when tools are called.</param>
/// <param name="Calls">Tool calls.</param>
/// <param name="FinishReason">OpenAI's <c>finish_reason</c>: stop, length or tool_calls.</param>
internal sealed record Answer(
    IReadOnlyList<string> Reasoning,
    IReadOnlyList<string> Text,
    IReadOnlyList<AnswerCall> Calls,
    string FinishReason)
{
    /// <summary>Output tokens, reasoning included.</summary>
    public int Tokens { get; } = Reasoning.Count + Text.Count + Calls.Sum(call => call.Arguments.Count);

    /// <summary>The content in the order it is streamed.</summary>
    public IEnumerable<AnswerDelta> Deltas()
    {
        foreach (var token in Reasoning)
            yield return new(AnswerDeltaKind.Reasoning, token, 0);
        foreach (var token in Text)
            yield return new(AnswerDeltaKind.Text, token, 0);
        for (var call = 0; call < Calls.Count; call++)
        {
            yield return new(AnswerDeltaKind.CallStart, string.Empty, call);
            foreach (var token in Calls[call].Arguments)
                yield return new(AnswerDeltaKind.Arguments, token, call);
        }
    }
}
