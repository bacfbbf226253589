namespace Gateway.Dialects;

/// <summary>
/// The tool by which models without structured output are made to answer in JSON: its arguments are the answer. The readers of replies turn
/// calls of it back into text, so the client never sees it; codecs share no state between a request and its reply, so the name alone must tell.
/// </summary>
internal static class ReservedTool
{
    /// <summary>Its name, which no client's tool may have.</summary>
    public const string Name = "gateway_json_answer";

    /// <summary>Its description where the format has none.</summary>
    public const string Description = "Gives the final answer. Call it exactly once, with the whole answer as its input.";

    /// <summary>What a model is told when any JSON object will do.</summary>
    public const string JsonInstruction = "Answer with a single JSON object and nothing else: no prose and no code fence around it.";
}
