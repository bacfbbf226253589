namespace Gateway.Dialects;

/// <summary>Where, and as what, a limit of output tokens goes into a body.</summary>
/// <param name="Kind">What stands there now.</param>
/// <param name="Start">Offset in bytes.</param>
/// <param name="Length">Bytes replaced.</param>
internal readonly record struct OutputLimitPlace(OutputLimitKind Kind, int Start, int Length);
