namespace Gateway.Dialects;

/// <summary>Where, and as what, the request to report usage goes into a body.</summary>
/// <param name="Kind">What stands there now.</param>
/// <param name="Start">Offset in bytes.</param>
/// <param name="Length">Bytes replaced.</param>
internal readonly record struct UsageSplice(UsageSpliceKind Kind, int Start, int Length);
