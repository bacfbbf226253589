namespace Gateway.Metering;

/// <summary>Operations in the ledger that no client asks for.</summary>
internal static class LedgerOperations
{
    /// <summary>A copy of a request that a rule sent to another target. Callers' budgets do not count it.</summary>
    public const string Shadow = "shadow";

    /// <summary>Begins the owner of what copies cost, a rule, where sums are kept by owner; no id of a key begins so.</summary>
    public const string RuleOwner = "rule:";
}
