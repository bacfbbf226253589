namespace Gateway.Metering;

/// <summary>Operations in the ledger that no client asks for.</summary>
internal static class LedgerOperations
{
    /// <summary>A copy of a request that a rule sent to another target. Callers' budgets do not count it.</summary>
    public const string Shadow = "shadow";
}
