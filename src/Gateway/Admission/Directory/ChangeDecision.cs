namespace Gateway.Admission.Directory;

/// <summary>Decides what becomes of a change, on one state of the directory.</summary>
internal sealed class ChangeDecision(DirectoryFold fold, IReadOnlyList<EntityRecord> declared, DirectorySnapshot merged, IEntityFormat format)
{
    // A record of the journal holds at most 256 KiB, and a part of a snapshot at least one entity.
    private const int MostBytes = 128 * 1024;

    /// <summary>The result, and what to append for it to come true; null when there is nothing to append.</summary>
    public (DirectoryResult Result, ChangeRecord? Record) Decide(DirectoryChange change)
    {
        var stored = fold.Entities.GetValueOrDefault((change.Kind, change.Id));
        var file = declared.FirstOrDefault(d => d.Kind == change.Kind && d.Value.Id == change.Id);
        // What stands in the way of a file may be deleted.
        if (file is not null && (change.Value is not null || stored is null))
            return (new(DirectoryOutcome.FileManaged, file, []), null);
        if (change.IfVersion is { } version && version != (stored?.Version ?? 0))
            return (new(DirectoryOutcome.VersionDiffers, stored, []), null);
        return change.Value is null ? Delete(change, stored, file) : Put(change, stored, change.Value);
    }

    private (DirectoryResult, ChangeRecord?) Delete(DirectoryChange change, EntityRecord? stored, EntityRecord? file)
    {
        if (stored is null)
            return (new(DirectoryOutcome.NotFound, null, []), null);
        if (file is null && DirectoryRules.Dependants(change.Kind, change.Id, merged.Entities.Values) is { } dependants)
            return (new(DirectoryOutcome.Invalid, stored, [new("$", dependants)]), null);
        return (new(DirectoryOutcome.Changed, null, []), new ChangeRecord(change.Actor, change.Kind, change.Id, stored.Version, null));
    }

    private (DirectoryResult, ChangeRecord?) Put(DirectoryChange change, EntityRecord? stored, Entity value)
    {
        // The admin API neither sees nor sends hashes: who changes a key without them keeps its values.
        if (value is KeyEntity { Hashes.Count: 0 } key && stored?.Value is KeyEntity before)
            value = key with { Hashes = before.Hashes };
        var problems = Check(change, value);
        if (problems.Count > 0)
            return (new(DirectoryOutcome.Invalid, stored, problems), null);
        var bytes = format.Write(value);
        if (bytes.Length > MostBytes)
            return (new(DirectoryOutcome.Invalid, stored, [new("$", $"takes {bytes.Length} bytes; at most {MostBytes} are allowed")]), null);
        if (stored is not null && bytes.AsSpan().SequenceEqual(format.Write(stored.Value)))
            return (new(DirectoryOutcome.Unchanged, stored, []), null);
        var record = new ChangeRecord(change.Actor, change.Kind, change.Id, stored?.Version ?? 0, value);
        return (new(DirectoryOutcome.Changed, new EntityRecord(change.Kind, value, fold.Sequence + 1), []), record);
    }

    private List<KeyValuePair<string, string>> Check(DirectoryChange change, Entity value)
    {
        var problems = new List<KeyValuePair<string, string>>();
        if (EntityKinds.Of(value) != change.Kind || value.Id != change.Id)
        {
            problems.Add(new("$.id", "is not the one that is to be changed"));
            return problems;
        }

        problems.AddRange(format.Check(value));
        if (problems.Count > 0)
            return problems;
        Add(DirectoryRules.Parent(value, (kind, id) => merged.Find(kind, id) is not null));
        foreach (var twin in DirectoryRules.Twins(value, merged.Entities.Values))
            Add(twin);
        if (value is KeyEntity key)
        {
            if (key.Hashes.Count == 0)
                problems.Add(new("$", "has no value; create the key instead of putting it"));
            if (DirectoryRules.LacksModels(key, (kind, id) => merged.Find(kind, id)?.Value))
                problems.Add(new("$.models", "is missing; write what this key may use, such as [\"*\"], here or at a level above"));
        }

        return problems;

        void Add(KeyValuePair<string, string>? problem)
        {
            if (problem is var (name, fault))
                problems.Add(new("$." + name, fault));
        }
    }
}
