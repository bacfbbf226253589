namespace Gateway.Budgets;

/// <summary>What a limit counts.</summary>
internal enum LimitUnit
{
    /// <summary>Cost, in nano-dollars.</summary>
    NanoUsd,

    /// <summary>Input and output tokens.</summary>
    Tokens,

    /// <summary>Requests that reached a provider; with <see cref="LimitKind.Held"/>, those in flight.</summary>
    Requests,

    /// <summary>Bytes of request bodies; only with <see cref="LimitKind.Held"/>.</summary>
    Bytes,
}
