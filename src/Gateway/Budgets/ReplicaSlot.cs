namespace Gateway.Budgets;

/// <summary>What one replica has of a limit in a period.</summary>
internal sealed class ReplicaSlot
{
    /// <summary>The replica's id.</summary>
    public required string Replica { get; init; }

    /// <summary>Which start of the replica wrote it; another one must first put <see cref="Used"/> right from its ledger.</summary>
    public string Life { get; set; } = "";

    /// <summary>What was used, by bucket in rising order: the sum of the replica's ledger entries that count towards the limit, as far as reported.</summary>
    public SortedList<long, long> Used { get; } = [];

    /// <summary>
    /// By how much <see cref="Used"/> was found to differ from the ledger, by bucket: what is to be added, or taken off when negative. Written by reconciliation
    /// alone and carried on by the replica; one that starts anew takes its ledger's sums and drops this.
    /// </summary>
    public SortedList<long, long> Corrected { get; } = [];

    /// <summary>What it may use, and has reserved, without asking; what it used since its report is part of it.</summary>
    public long Held { get; set; }

    /// <summary>When it stops using <see cref="Held"/> unless it has written again, in milliseconds since 1970.</summary>
    public long Expires { get; set; }

    /// <summary>The sum of what still counts.</summary>
    public long Spent(LimitPeriod period, long nowMs)
    {
        var sum = 0L;
        for (var i = 0; i < Used.Count; i++)
        {
            if (period.Counts(Used.GetKeyAtIndex(i), nowMs))
                sum = Amounts.Add(sum, Used.GetValueAtIndex(i));
        }

        var correction = Correction(period, nowMs);
        return correction >= 0 ? Amounts.Add(sum, correction) : Math.Max(0, sum + correction);
    }

    /// <summary>The sum of the corrections that still count; may be negative.</summary>
    public long Correction(LimitPeriod period, long nowMs)
    {
        var sum = 0L;
        for (var i = 0; i < Corrected.Count; i++)
        {
            if (period.Counts(Corrected.GetKeyAtIndex(i), nowMs))
                sum += Corrected.GetValueAtIndex(i);
        }

        return sum;
    }
}
