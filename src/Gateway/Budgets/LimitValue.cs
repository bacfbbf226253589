namespace Gateway.Budgets;

/// <summary>
/// What the state store has of one limit in one period, and the rules by which a replica changes it. Pure: takes the time, knows no store.
/// <para>Σ used + Σ held ≤ amount for every value written, but for what was used beyond what had been reserved, and after the amount was lowered.</para>
/// </summary>
internal sealed class LimitValue
{
    /// <summary>The replicas' slots.</summary>
    public List<ReplicaSlot> Slots { get; } = [];

    /// <summary>The percentages that were announced, and the <see cref="ReplicaSlot.Life"/> that announces each.</summary>
    public SortedList<int, string> Announced { get; } = [];

    /// <summary>The life that announces that somebody was refused because it is used up; null: nobody yet.</summary>
    public string? Exhausted { get; set; }

    /// <summary>A replica's slot, or null.</summary>
    public ReplicaSlot? Find(string replica) => Slots.Find(slot => slot.Replica == replica);

    /// <summary>What was used and counts, of all replicas.</summary>
    public long Spent(LimitPeriod period, long nowMs) => Slots.Aggregate(0L, (sum, slot) => Amounts.Add(sum, slot.Spent(period, nowMs)));

    /// <summary>What is held, of all replicas.</summary>
    public long Held() => Slots.Aggregate(0L, (sum, slot) => Amounts.Add(sum, slot.Held));

    /// <summary>
    /// Reports what a replica used, takes back what it returns, prolongs its lease and grants it more. Its lease gets as much as is asked for, but at most
    /// half of what is left divided by the replicas, unless it needs more at once.
    /// </summary>
    /// <param name="own">The replica's slot as it will be; what it holds is filled in.</param>
    /// <param name="claim">What it has and asks for.</param>
    /// <param name="amount">The limit's amount.</param>
    /// <param name="period">The period.</param>
    /// <param name="nowMs">Milliseconds since 1970.</param>
    public LeaseAnswer Update(ReplicaSlot own, in LeaseClaim claim, long amount, LimitPeriod period, long nowMs)
    {
        var before = Find(own.Replica);
        if (before?.Life == own.Life)
        {
            foreach (var (bucket, by) in before.Corrected)
                own.Corrected[bucket] = by;
        }

        var correction = own.Correction(period, nowMs);
        var backed = before is null ? 0 : Amounts.Add(before.Held, before.Spent(period, nowMs));
        var taken = Amounts.Add(own.Spent(period, nowMs), claim.Outstanding);
        var kept = Math.Min(claim.Free, Math.Max(0, backed - taken));

        var (othersUsed, othersHeld, replicas) = Others(own.Replica, period, nowMs);
        var left = amount - othersUsed - othersHeld - taken - kept;
        if (left < 0)
            kept -= Math.Min(kept, -left);
        var extra = left <= 0 ? 0 : Extra(claim, kept, left, replicas);

        own.Held = Amounts.Add(claim.Outstanding, kept + extra);
        if (before is not null)
            Slots.Remove(before);
        Slots.Add(own);
        return new(kept, extra, othersUsed + correction, othersHeld, replicas) { Excess = Math.Max(0, taken + kept + othersUsed + othersHeld - amount) };
    }

    /// <summary>Sets a replica's slot to what its ledger says, once its lease has expired and it will not come back.</summary>
    /// <param name="replica">The replica.</param>
    /// <param name="used">The sums of its ledger entries by bucket.</param>
    /// <param name="nowMs">Milliseconds since 1970.</param>
    /// <returns>False when there is nothing to do: it has no slot, or its lease has not expired.</returns>
    public bool SettleOrphan(string replica, IReadOnlyDictionary<long, long> used, long nowMs)
    {
        if (Find(replica) is not { } slot || slot.Expires > nowMs)
            return false;
        slot.Held = 0;
        slot.Used.Clear();
        slot.Corrected.Clear();
        foreach (var (bucket, sum) in used)
            slot.Used[bucket] = sum;
        return true;
    }

    /// <summary>
    /// Removes the slots that no ledger is needed for: of what is only held, those whose lease has expired; of a rolling window, those of which everything has left.
    /// </summary>
    public void Prune(LimitKind kind, LimitPeriod period, long nowMs)
    {
        if (kind == LimitKind.Held)
            Slots.RemoveAll(slot => slot.Expires <= nowMs);
        else if (period.IsRolling)
            Slots.RemoveAll(slot => slot.Expires + (long)(period.Rolling + period.Bucket).TotalMilliseconds <= nowMs && slot.Spent(period, nowMs) == 0);
    }

    /// <summary>Notes which percentages of the amount have been passed and, when asked to, that it is used up.</summary>
    public void Announce(LimitSpec limit, string life, bool exhausted, LimitPeriod period, long nowMs)
    {
        var spent = Spent(period, nowMs);
        if (period.IsRolling)
            Forget(limit.Amount, spent);
        if (exhausted)
            Exhausted ??= life;
        foreach (var percent in limit.AlertAt)
        {
            if ((Int128)spent * 100 >= (Int128)limit.Amount * percent)
                Announced.TryAdd(percent, life);
        }
    }

    /// <summary>When an amount will fit a rolling window if nothing more is used, in milliseconds since 1970.</summary>
    public long FitsAt(long wanted, long amount, LimitPeriod period, long nowMs)
    {
        var spent = Spent(period, nowMs);
        foreach (var (bucket, used) in Slots.SelectMany(slot => slot.Used).Where(used => period.Counts(used.Key, nowMs)).OrderBy(used => used.Key))
        {
            if (spent <= amount - wanted)
                break;
            spent -= used;
            nowMs = period.LeavesAt(bucket);
        }

        return nowMs;
    }

    // A rolling window has no end to begin anew at: what was announced may be announced again once there is a tenth less of it.
    private void Forget(long amount, long spent)
    {
        for (var i = Announced.Count - 1; i >= 0; i--)
        {
            if ((Int128)spent * 1_000 < (Int128)amount * Announced.GetKeyAtIndex(i) * 9)
                Announced.RemoveAt(i);
        }

        if ((Int128)spent * 10 < (Int128)amount * 9)
            Exhausted = null;
    }

    private (long Used, long Held, int Replicas) Others(string replica, LimitPeriod period, long nowMs)
    {
        var (used, held, replicas) = (0L, 0L, 1);
        foreach (var slot in Slots)
        {
            if (slot.Replica == replica)
                continue;
            used = Amounts.Add(used, slot.Spent(period, nowMs));
            held = Amounts.Add(held, slot.Held);
            if (slot.Expires > nowMs)
                replicas++;
        }

        return (used, held, replicas);
    }

    private static long Extra(in LeaseClaim claim, long kept, long left, int replicas)
    {
        var missing = Math.Max(0, claim.Needed - kept);
        if (left >= missing)
            return Math.Max(missing, Math.Min(Math.Max(0, claim.Wish - kept), left / 2 / replicas));
        return left >= claim.Least - kept ? left : 0;
    }
}
