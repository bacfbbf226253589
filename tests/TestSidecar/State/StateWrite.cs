namespace TestSidecar.State;

/// <summary>One write.</summary>
/// <param name="Key">The stored key, with its prefix.</param>
/// <param name="Data">The bytes; null: delete.</param>
/// <param name="ETag">As the client sent it; null when it sent none.</param>
/// <param name="FirstWrite">Whether the client asked for first-write.</param>
/// <param name="TimeToLive">Seconds; null: not said, at most 0: for ever.</param>
internal sealed record StateWrite(string Key, byte[]? Data, string? ETag, bool FirstWrite, int? TimeToLive)
{
    /// <summary>Whether it is under an ETag or only for an absent key.</summary>
    public bool IsConditional => !string.IsNullOrEmpty(ETag) || (FirstWrite && Data is not null);
}
