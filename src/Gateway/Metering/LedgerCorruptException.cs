namespace Gateway.Metering;

/// <summary>The spool is damaged in a way that a crash does not explain. Nothing is dropped silently: an operator has to look.</summary>
internal sealed class LedgerCorruptException(string path, long offset, string problem)
    : Exception($"The ledger spool {path} is damaged at byte {offset}: {problem}.")
{
    /// <summary>The damaged segment.</summary>
    public string Path { get; } = path;

    /// <summary>Where the damaged line begins, in bytes.</summary>
    public long Offset { get; } = offset;
}
