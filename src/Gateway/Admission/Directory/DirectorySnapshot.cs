using System.Collections.Frozen;

namespace Gateway.Admission.Directory;

/// <summary>Every entity at one moment: those declared in files over those made through the admin API. Immutable.</summary>
/// <param name="Version">The sequence of the last change it holds.</param>
/// <param name="Entities">By kind and id.</param>
internal sealed record DirectorySnapshot(long Version, FrozenDictionary<(EntityKind Kind, string Id), EntityRecord> Entities)
{
    /// <summary>What the journal has, with what files declare laid over it.</summary>
    public static DirectorySnapshot Merge(long version, IEnumerable<EntityRecord> stored, IEnumerable<EntityRecord> declared)
    {
        var all = new Dictionary<(EntityKind, string), EntityRecord>();
        foreach (var record in stored.Concat(declared))
            all[(record.Kind, record.Value.Id)] = record;
        return new DirectorySnapshot(version, all.ToFrozenDictionary());
    }

    /// <summary>The entity, or null.</summary>
    public EntityRecord? Find(EntityKind kind, string id) => Entities.GetValueOrDefault((kind, id));

    /// <summary>Every entity of a kind, by id.</summary>
    public IEnumerable<EntityRecord> All(EntityKind kind) => Entities.Values.Where(e => e.Kind == kind).OrderBy(e => e.Value.Id, StringComparer.Ordinal);
}
