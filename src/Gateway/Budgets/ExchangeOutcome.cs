namespace Gateway.Budgets;

/// <summary>What became of an exchange with the store.</summary>
internal enum ExchangeOutcome
{
    /// <summary>Written.</summary>
    Done,

    /// <summary>Others wrote each time.</summary>
    Conflicts,

    /// <summary>The store, or the ledger that an earlier life has to be settled by, did not answer.</summary>
    Away,
}
