using FaultUpstream;

namespace Gateway.Tests.Routing.Failover;

/// <summary>What came of a case: what the caller saw, what the providers saw, and what was billed.</summary>
/// <param name="Case">The case.</param>
/// <param name="Caller">What the caller saw.</param>
/// <param name="Primary">What the primary saw.</param>
/// <param name="Fallback">What the fallback saw.</param>
/// <param name="Bill">What the ledger says.</param>
internal sealed record FailoverResult(FailoverCase Case, CallerView Caller, IReadOnlyList<SeenRequest> Primary, IReadOnlyList<SeenRequest> Fallback, Bill Bill)
{
    /// <summary>Whether the primary sees requests at all; otherwise the ledger says how often it was tried.</summary>
    public bool IsSeen => Case.Fault.Place is FaultPlace.Plain or FaultPlace.Http2;

    /// <summary>Calls of the primary.</summary>
    public int PrimaryCalls => IsSeen ? Primary.Count : Bill.Attempts - Fallback.Count;

    /// <summary>Between two calls of the primary, the shortest; null when there were no two, or nobody saw them.</summary>
    public TimeSpan? Gap => Primary.Count < 2 ? null : Enumerable.Range(1, Primary.Count - 1).Min(i => TimeProvider.System.GetElapsedTime(Primary[i - 1].At, Primary[i].At));
}
