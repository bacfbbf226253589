namespace Gateway.Routing.Attempts;

/// <summary>What to do next for a request.</summary>
/// <param name="Target">Whom to call.</param>
/// <param name="Reason">Why.</param>
/// <param name="Pause">How long to wait before.</param>
/// <param name="Insists">Whether there is nobody else to call: then a full target is waited for, and an open circuit may be tried before it is due.</param>
internal readonly record struct AttemptStep(TargetSnapshot Target, AttemptReason Reason, TimeSpan Pause, bool Insists = false);
