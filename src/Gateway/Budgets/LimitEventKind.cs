namespace Gateway.Budgets;

/// <summary>What can happen to a limit.</summary>
internal enum LimitEventKind
{
    /// <summary>One of <see cref="LimitSpec.AlertAt"/> was passed. Once per period across replicas.</summary>
    ThresholdPassed,

    /// <summary>A request was refused because it is used up. Once per period across replicas.</summary>
    Exhausted,

    /// <summary>A provider billed more than the worst case that had been reserved.</summary>
    Overrun,

    /// <summary>What was counted as used was not what the ledger says, and was put right.</summary>
    Drift,
}
