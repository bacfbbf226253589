using Gateway.Metering;
using Gateway.Pipeline;
using Gateway.Routing.Attempts;

namespace Gateway.Routing;

/// <summary>One attempt as it is told: in the ledger, in traces and to who asks why.</summary>
/// <param name="context">The request.</param>
/// <param name="attempt">The attempt.</param>
internal readonly struct AttemptReport(GatewayContext context, Attempt attempt)
{
    /// <summary>The attempt.</summary>
    public Attempt Attempt => attempt;

    /// <summary>What became of it.</summary>
    public AttemptOutcome Outcome => attempt.Outcome switch
    {
        LedgerOutcome.Completed => AttemptOutcome.Completed,
        LedgerOutcome.Interrupted => AttemptOutcome.Interrupted,
        LedgerOutcome.Aborted => IsKept || context.Outcome == LedgerOutcome.Aborted ? AttemptOutcome.Aborted : AttemptOutcome.Superseded,
        _ when attempt.Error is not null => AttemptOutcome.Failed,
        _ when attempt.Ended == 0 => AttemptOutcome.UnderWay,
        _ when !IsKept => AttemptOutcome.Superseded,
        _ => context.Outcome == LedgerOutcome.Aborted ? AttemptOutcome.Aborted : AttemptOutcome.Failed,
    };

    /// <summary>The provider's HTTP status, or null when it did not answer.</summary>
    public int? Status => attempt.Error?.UpstreamStatus ?? (attempt.IsAccepted || attempt.Outcome == LedgerOutcome.Completed ? 200 : null);

    /// <summary>The stable code of what went wrong, or null.</summary>
    public string? ErrorCode => attempt.Error?.Code;

    /// <summary>Time from the request's arrival to its beginning.</summary>
    public TimeSpan Start => context.Time.GetElapsedTime(context.Began, attempt.Began);

    /// <summary>Time from its beginning to its end, or until now.</summary>
    public TimeSpan Duration => context.Time.GetElapsedTime(attempt.Began, attempt.Ended == 0 ? context.Time.GetTimestamp() : attempt.Ended);

    /// <summary>Time from its beginning to the first content that the client got of it, or null.</summary>
    public TimeSpan? FirstToken => attempt.FirstContentAt == 0 ? null : context.Time.GetElapsedTime(attempt.Began, attempt.FirstContentAt);

    private bool IsKept => ReferenceEquals(attempt, context.Attempt);
}
