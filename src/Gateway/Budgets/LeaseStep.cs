namespace Gateway.Budgets;

/// <summary>A change of a limit's value that has been computed and not yet written.</summary>
/// <param name="Answer">What the value lets the replica have.</param>
/// <param name="Version">Which state of the allowance it reports.</param>
/// <param name="Expires">When the lease expires, in milliseconds since 1970.</param>
/// <param name="Now">When it was computed, in milliseconds since 1970.</param>
internal readonly record struct LeaseStep(LeaseAnswer Answer, long Version, long Expires, long Now)
{
    /// <summary>The limit's amount that it was computed with.</summary>
    public long Amount { get; init; }

    /// <summary>What was used or reserved without a lease, and is now part of the value.</summary>
    public long Unbacked { get; init; }
}
