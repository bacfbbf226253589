namespace Gateway.Admission.Directory;

/// <summary>What became of a change.</summary>
/// <param name="Outcome">In a word.</param>
/// <param name="Entity">The entity as it now is (as it would be, for a dry run); null when it is not there.</param>
/// <param name="Problems">What is wrong with it: path in the entity, and how to mend it.</param>
internal sealed record DirectoryResult(DirectoryOutcome Outcome, EntityRecord? Entity, IReadOnlyList<KeyValuePair<string, string>> Problems);
