namespace Gateway.Budgets;

/// <summary>What a limit's value lets a replica have, and how things stand.</summary>
/// <param name="Kept">How much of what was free it may keep: less than it has when somebody took its lease away or the amount was lowered.</param>
/// <param name="Extra">What it gets on top, once the value has been written.</param>
/// <param name="OthersUsed">What the other replicas used, and what its own slot was corrected by.</param>
/// <param name="OthersHeld">What the other replicas hold.</param>
/// <param name="Replicas">How many replicas have a lease that has not expired, this one included; ≥ 1.</param>
internal readonly record struct LeaseAnswer(long Kept, long Extra, long OthersUsed, long OthersHeld, int Replicas)
{
    /// <summary>By how much the value exceeds the amount, because it was lowered or overrun: what is given back makes up for that first.</summary>
    public long Excess { get; init; }
}
