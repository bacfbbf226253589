using System.Collections.Frozen;

namespace Gateway.Admission.Directory;

/// <summary>Every entity at one moment: those declared in files over those made through the admin API. Immutable.</summary>
/// <param name="Version">The sequence of the last change it holds.</param>
/// <param name="Entities">By kind and id.</param>
internal sealed record DirectorySnapshot(long Version, FrozenDictionary<(EntityKind Kind, string Id), EntityRecord> Entities)
{
    /// <summary>The entity, or null.</summary>
    public EntityRecord? Find(EntityKind kind, string id) => Entities.GetValueOrDefault((kind, id));

    /// <summary>Every entity of a kind, by id.</summary>
    public IEnumerable<EntityRecord> All(EntityKind kind) => Entities.Values.Where(e => e.Kind == kind).OrderBy(e => e.Value.Id, StringComparer.Ordinal);
}
