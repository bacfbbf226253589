namespace Gateway.Routing.Attempts;

/// <summary>What to do next for a request.</summary>
/// <param name="Target">Whom to call.</param>
/// <param name="Reason">Why.</param>
/// <param name="Pause">How long to wait before.</param>
internal readonly record struct AttemptStep(TargetSnapshot Target, AttemptReason Reason, TimeSpan Pause);
