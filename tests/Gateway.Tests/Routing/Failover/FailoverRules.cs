using FaultUpstream;

namespace Gateway.Tests.Routing.Failover;

/// <summary>What must hold of every case.</summary>
internal static class FailoverRules
{
    private static readonly TimeSpan Hang = FailoverFixture.Total + TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Hammering = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20); // timers of two processes' clocks are no finer
    private const int MostCalls = 6;

    /// <summary>What does not hold, for readers.</summary>
    public static IEnumerable<string> Violations(FailoverResult result) =>
        Caller(result).Concat(Hammers(result.Primary, "primary")).Concat(Hammers(result.Fallback, "fallback")).Concat(Calls(result)).Concat(Billing(result));

    private static IEnumerable<string> Caller(FailoverResult result)
    {
        var (fault, caller) = (result.Case.Fault, result.Caller);
        var isWhole = caller.IsEnded && caller.Code is null;
        if (caller.Took > Hang)
            yield return $"it took {caller.Took.TotalSeconds:0.0} s";
        if (isWhole && caller.Text != FailoverFixture.PrimaryText && caller.Text != FailoverFixture.FallbackText && caller.Text != FailoverFixture.SameText)
            yield return $"truncated, and ended as if it were whole: '{caller.Text}'";
        if (caller.IsEnded && caller.Code is not null)
            yield return $"ended as if it were whole after {caller.Code}";
        if (!isWhole && caller.Code is null)
            yield return $"neither whole nor an error: {caller.Status} '{caller.Text}'";
        if (result.Case.Route == FailoverRoute.Resume)
        {
            if (!isWhole)
                yield return $"could have been continued, but the caller got {caller.Status} {caller.Code} '{caller.Text}'";
            yield break;
        }

        if (fault.Traits.HasFlag(FaultTrait.Harmless) && !(isWhole && caller.Text == FailoverFixture.PrimaryText))
            yield return $"could have been served, but the caller got {caller.Status} {caller.Code} '{caller.Text}'";
        if (fault.Traits.HasFlag(FaultTrait.Breaks) && !(caller.Code is not null && caller.Status == 200 && FailoverFixture.PrimaryText.StartsWith(caller.Text, StringComparison.Ordinal)))
            yield return $"broke in the middle, but the caller got {caller.Status} {caller.Code} '{caller.Text}'";
        if (result.Case.HasFallback && fault.Traits is FaultTrait.None or FaultTrait.Silent && !isWhole)
            yield return $"the fallback could have served, but the caller got {caller.Status} {caller.Code}";
    }

    private static IEnumerable<string> Calls(FailoverResult result)
    {
        var fault = result.Case.Fault;
        if (result.PrimaryCalls + result.Fallback.Count > MostCalls)
            yield return $"{result.PrimaryCalls} + {result.Fallback.Count} calls";
        if (result.Fallback.Count > 1)
            yield return $"{result.Fallback.Count} calls of a healthy fallback";
        if (fault.Traits.HasFlag(FaultTrait.Silent) && result.PrimaryCalls != 1)
            yield return $"a silent target was called {result.PrimaryCalls} times";
        if (fault.Traits.HasFlag(FaultTrait.Final) && (result.PrimaryCalls != 1 || result.Fallback.Count != 0))
            yield return $"a final refusal was followed by {result.PrimaryCalls - 1} + {result.Fallback.Count} calls";
        if ((fault.Traits & (FaultTrait.Harmless | FaultTrait.Breaks)) != 0 && result.Case.Route != FailoverRoute.Resume && (result.PrimaryCalls != 1 || result.Fallback.Count != 0))
            yield return $"an answer that had begun was followed by {result.PrimaryCalls - 1} + {result.Fallback.Count} calls";
        if (result.IsSeen && result.Bill.Attempts != result.Primary.Count + result.Fallback.Count && fault.Place == FaultPlace.Plain)
            yield return $"the ledger has {result.Bill.Attempts} attempts, the providers saw {result.Primary.Count} + {result.Fallback.Count}";
    }

    private static IEnumerable<string> Hammers(IReadOnlyList<SeenRequest> calls, string whom)
    {
        for (var i = 2; i < calls.Count; i++)
        {
            if (Between(calls[i - 2].At, calls[i].At) is var span && span < Hammering)
                yield return $"three calls of the {whom} within {span.TotalSeconds:0.00} s";
        }

        for (var i = 1; i < calls.Count; i++)
        {
            if (calls[i - 1].NotBefore is > 0 and var leave && calls[i].At < leave && Between(calls[i].At, leave) is var early && early > Tick)
                yield return $"the {whom} was called {early.TotalSeconds:0.00} s before it wanted to be";
        }
    }

    private static IEnumerable<string> Billing(FailoverResult result)
    {
        var (caller, bill) = (result.Caller, result.Bill);
        var isWhole = caller.IsEnded && caller.Code is null;
        var (outcome, least, most) =
            !isWhole && caller.Text.Length == 0 ? ("failed", 0, 0)
            : !isWhole ? ("interrupted", 1, 2 * FailoverFixture.PrimaryCost) // an estimate: a word is a token or two
            : caller.Text == FailoverFixture.SameText ? ("completed", FailoverFixture.FallbackCost / 2, (2 * FailoverFixture.PrimaryCost) + FailoverFixture.FallbackCost)
            : caller.Text == FailoverFixture.FallbackText ? ("completed", FailoverFixture.FallbackCost, FailoverFixture.FallbackCost)
            : result.Case.Fault.Traits.HasFlag(FaultTrait.Uncounted) ? ("completed", 1, 3 * FailoverFixture.PrimaryCost)
            : ("completed", FailoverFixture.PrimaryCost, FailoverFixture.PrimaryCost);
        if (bill.Outcome != outcome)
            yield return $"the ledger says {bill.Outcome} instead of {outcome}";
        if (bill.Cost < least || bill.Cost > most)
            yield return $"billed {bill.Cost} instead of {least} to {most}";
    }

    private static TimeSpan Between(long from, long to) => TimeProvider.System.GetElapsedTime(from, to);
}
