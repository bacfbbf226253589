namespace Gateway.Admission.Directory;

/// <summary>How far a replica's directory can be trusted to be the newest.</summary>
/// <param name="LastRead">When the journal was last read to its end; null: not since the start, so that only what files declare is known.</param>
/// <param name="Fault">Why the journal can't be read now; null when it can.</param>
/// <param name="IsBroken">True when what is in the journal is not what was written: the state stays as it was before, and nothing can be changed.</param>
internal sealed record DirectoryHealth(DateTimeOffset? LastRead, string? Fault, bool IsBroken);
