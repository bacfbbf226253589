namespace Gateway.Metering;

/// <summary>What entries took from a limit within a stretch of time.</summary>
/// <param name="Start">Where the stretch begins.</param>
/// <param name="Amount">How much, in the limit's unit.</param>
internal readonly record struct SpentBucket(DateTimeOffset Start, long Amount);
