namespace Gateway.Budgets;

/// <summary>How an amount stands to an allowance.</summary>
internal enum Standing
{
    /// <summary>It can be reserved from the lease.</summary>
    Ready,

    /// <summary>The lease is short; the store may have more.</summary>
    Short,

    /// <summary>What is left is held for requests in flight.</summary>
    Contended,

    /// <summary>Even if everything held came back there were not enough.</summary>
    Exhausted,
}
