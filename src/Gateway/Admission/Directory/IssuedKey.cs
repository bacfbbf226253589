namespace Gateway.Admission.Directory;

/// <summary>What making or rotating a key gave.</summary>
/// <param name="Result">What became of it.</param>
/// <param name="Value">The new value, to be shown once and kept nowhere; null when none was made.</param>
internal sealed record IssuedKey(DirectoryResult Result, string? Value)
{
    /// <summary>Without the value, so that it is in no log.</summary>
    public override string ToString() => $"{Result.Outcome} {Result.Entity?.Value.Id}";
}
