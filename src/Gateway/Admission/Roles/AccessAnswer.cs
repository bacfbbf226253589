using Gateway.Admission.Directory;

namespace Gateway.Admission.Roles;

/// <summary>What became of a change that somebody asked for.</summary>
/// <param name="Outcome">In a word.</param>
/// <param name="Entity">The entity as it now is, or would be; null when it is not there or not theirs to see.</param>
/// <param name="Problems">What is wrong with it.</param>
internal sealed record AccessAnswer(AccessOutcome Outcome, EntityRecord? Entity, IReadOnlyList<KeyValuePair<string, string>> Problems)
{
    /// <summary>The new value of a key, to be shown once; else null.</summary>
    public string? Value { get; init; }

    /// <summary>Whether it was, or would be, done, or needn't be.</summary>
    public bool Succeeded => Outcome is AccessOutcome.Created or AccessOutcome.Changed or AccessOutcome.Unchanged;

    /// <summary>Without the value, so that it is in no log.</summary>
    public override string ToString() => $"{Outcome} {Entity?.Value.Id}";
}
