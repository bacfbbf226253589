using Gateway.State.Journal;

namespace Gateway.Admission.Directory;

/// <summary>What the journal's records come to. One caller at a time.</summary>
internal sealed class DirectoryFold
{
    private Dictionary<(EntityKind, string), EntityRecord> _entities = [];

    /// <summary>The last record taken in; null: none.</summary>
    public JournalRecord? Last { get; private set; }

    /// <summary>The sequence of the last record taken in; 0: none.</summary>
    public long Sequence => Last?.Sequence ?? 0;

    /// <summary>The sequence of the last change; 0: none.</summary>
    public long Version { get; private set; }

    /// <summary>The entities that are kept in the journal.</summary>
    public IReadOnlyDictionary<(EntityKind Kind, string Id), EntityRecord> Entities => _entities;

    /// <summary>Begins with a snapshot.</summary>
    public void Restore(JournalRecord last, IEnumerable<EntityRecord> entities)
    {
        _entities = entities.ToDictionary(e => (e.Kind, e.Value.Id));
        Version = _entities.Values.Select(e => e.Version).Append(0).Max();
        Last = last;
    }

    /// <summary>Takes in the next record.</summary>
    /// <returns>Whether an entity changed by it.</returns>
    /// <exception cref="InvalidDataException">It does not follow the last one, or can't be read; nothing was taken in.</exception>
    public bool Apply(JournalRecord record, IEntityFormat format)
    {
        if (record.Sequence != Sequence + 1 || (Last is { } last && !record.PreviousHash.AsSpan().SequenceEqual(last.Hash)))
            throw new InvalidDataException($"Record {record.Sequence} of the journal does not follow record {Sequence}.");
        if (record.Kind == ChangeRecord.Kind)
        {
            var change = ChangeRecord.Read(record.Body.Span, format);
            if (change.Value is { } value)
                _entities[(change.EntityKind, change.Id)] = new EntityRecord(change.EntityKind, value, record.Sequence);
            else
                _entities.Remove((change.EntityKind, change.Id));
            Version = record.Sequence;
        }

        Last = record;
        return record.Kind == ChangeRecord.Kind;
    }
}
