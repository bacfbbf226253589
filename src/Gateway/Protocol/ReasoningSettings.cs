namespace Gateway.Protocol;

/// <summary>How much the model is to think. Null members were not said.</summary>
internal sealed class ReasoningSettings
{
    /// <summary>False: it must not think; true: it should; null: as <see cref="Effort"/> or the model says.</summary>
    public bool? Enabled { get; init; }

    /// <summary>none, minimal, low, medium, high, xhigh or max.</summary>
    public string? Effort { get; init; }

    /// <summary>Tokens it may think for at most; −1: as many as it sees fit.</summary>
    public long? BudgetTokens { get; init; }

    /// <summary>Whether the model chooses its budget itself (Anthropic's adaptive thinking).</summary>
    public bool Adaptive { get; init; }

    /// <summary>Whether thoughts (or summaries of them) are wanted in the reply: OpenAI's <c>summary</c> value, <c>auto</c> where the wire has only a switch; null: not said.</summary>
    public string? Summary { get; init; }

    /// <summary>Whether <see cref="Effort"/> says only how thorough the answer is to be and nothing of thinking (Anthropic's effort without <c>thinking</c>).</summary>
    public bool EffortOnly { get; init; }
}
