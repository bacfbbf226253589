namespace Gateway.Routing.Attempts;

/// <summary>An attempt that has begun and its open lane.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="Lane">How its target is spoken to; owned by whoever runs the call.</param>
internal readonly record struct OpenCall(Attempt Attempt, Lane Lane);
