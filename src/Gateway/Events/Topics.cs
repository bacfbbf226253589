namespace Gateway.Events;

/// <summary>The topics of the bus. Components and subscriptions name the same.</summary>
internal static class Topics
{
    /// <summary>Batches of ledger entries of one replica, in the order of their sequence.</summary>
    public const string Usage = "usage";

    /// <summary>Budgets that have passed a soft threshold, are exhausted, or were overrun.</summary>
    public const string Budgets = "budgets";

    /// <summary>Heads of the audit log.</summary>
    public const string AuditAnchors = "audit-anchors";

    /// <summary>A hint that the directory of entities has changed. Lost hints are harmless: every replica looks by itself once a second.</summary>
    public const string Directory = "directory";

    /// <summary>Providers that stopped answering their probe, or answer it again.</summary>
    public const string Health = "health";

    /// <summary>What the topic of dead letters ends with.</summary>
    public const string DeadLetterSuffix = "-dlq";

    /// <summary>Where the events of a topic go that nobody could deal with.</summary>
    public static string DeadLetters(string topic) => topic + DeadLetterSuffix;
}
