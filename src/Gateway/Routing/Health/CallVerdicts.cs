using Gateway.Errors;
using Gateway.Metering;
using Gateway.Routing.Attempts;

namespace Gateway.Routing.Health;

/// <summary>Judges targets by what became of calls: only by what they are to blame for.</summary>
internal static class CallVerdicts
{
    /// <summary>What a call that is over says of its target.</summary>
    public static CallVerdict Of(Attempt attempt)
    {
        if (attempt.Outcome == LedgerOutcome.Aborted)
            return CallVerdict.None;
        if (attempt.Error is not { } error)
            return attempt.Outcome == LedgerOutcome.Completed ? CallVerdict.Alive : CallVerdict.None;
        var kind = error.Kind;
        if (kind == ErrorKinds.UpstreamRateLimit || kind == ErrorKinds.UpstreamQuota)
            return CallVerdict.Alive;
        if (kind == ErrorKinds.UpstreamAuthentication)
            return error.UpstreamStatus is null ? CallVerdict.None : CallVerdict.Alive;
        if (kind == ErrorKinds.TotalTimeout)
            return IsSilent(attempt) ? CallVerdict.Failed : CallVerdict.None;
        if (kind == ErrorKinds.UpstreamTooLarge)
            return CallVerdict.Alive;
        if (kind.Stage is not (ErrorStage.Upstream or ErrorStage.Relay))
            return CallVerdict.None;
        return kind.Blame == ErrorBlame.Provider ? CallVerdict.Failed : CallVerdict.Alive;
    }

    /// <summary>Whether a call says that its target wants, or bears, fewer of them.</summary>
    public static bool IsRefusal(GatewayError error) =>
        error.Kind == ErrorKinds.UpstreamRateLimit || error.Kind == ErrorKinds.UpstreamOverloaded || error.Kind == ErrorKinds.UpstreamTimeout || error.Kind == ErrorKinds.FirstTokenTimeout;

    /// <summary>Whether the target gave an answer that counted at once, by <see cref="TargetState.Answered(TimeSpan)"/>.</summary>
    public static bool HasAnswered(Attempt attempt) => attempt.FirstContentAt != 0 || attempt.Outcome == LedgerOutcome.Completed;

    /// <summary>The time for the whole request is up: the target's fault if it had most of it to itself and said nothing.</summary>
    private static bool IsSilent(Attempt attempt)
    {
        var time = attempt.Target.State.Time;
        return !HasAnswered(attempt) && time.GetElapsedTime(attempt.Began, attempt.Ended == 0 ? time.GetTimestamp() : attempt.Ended) > attempt.Target.Provider.Timeouts.Total / 2;
    }
}
