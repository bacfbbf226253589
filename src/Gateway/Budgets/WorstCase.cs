namespace Gateway.Budgets;

/// <summary>The most that a request can use. What a provider bills beyond it is recorded and flagged.</summary>
/// <param name="CostNanoUsd">Cost in nano-dollars, of the dearest target that may serve it.</param>
/// <param name="Tokens">Input and output tokens.</param>
/// <param name="Bytes">Bytes of the request body.</param>
internal readonly record struct WorstCase(long CostNanoUsd, long Tokens, long Bytes)
{
    /// <summary>How much of a limit that is.</summary>
    public long Of(LimitSpec limit) => limit.Unit switch
    {
        LimitUnit.NanoUsd => CostNanoUsd,
        LimitUnit.Tokens => Tokens,
        LimitUnit.Bytes => Bytes,
        _ => 1,
    };
}
