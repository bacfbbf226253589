namespace Gateway.Routing;

/// <summary>A target that was not called, and why.</summary>
internal readonly record struct SkippedTarget(TargetSnapshot Target, SkipReason Reason);
