using Gateway.Admission.Directory;

namespace Gateway.Configuration.Entities;

/// <summary>What reading an entity gave.</summary>
/// <param name="Entity">The entity; null exactly when there are problems.</param>
/// <param name="Problems">Everything that is wrong: path in the document, and how to mend it. Never a secret.</param>
internal sealed record EntityReading(Entity? Entity, IReadOnlyList<KeyValuePair<string, string>> Problems);
