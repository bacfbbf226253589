namespace Gateway.Admission.Directory;

/// <summary>What entities must keep among each other.</summary>
internal static class DirectoryRules
{
    private const int MostNamed = 5;

    /// <summary>What is wrong with what an entity belongs to; null when it is there.</summary>
    /// <param name="entity">The entity.</param>
    /// <param name="exists">Whether there is one of a kind and id.</param>
    public static KeyValuePair<string, string>? Parent(Entity entity, Func<EntityKind, string, bool> exists)
    {
        if (EntityKinds.ParentOf(entity) is not var (kind, id) || exists(kind, id))
            return null;
        var word = EntityKinds.Word(kind);
        return new(word, $"names the {word} \"{id}\", which does not exist; make it first, or name another");
    }

    /// <summary>Why an entity can't be deleted: who belongs to it; null when nobody does.</summary>
    public static string? Dependants(EntityKind kind, string id, IEnumerable<EntityRecord> all)
    {
        var names = new List<string>();
        var count = 0;
        foreach (var record in all)
        {
            if (EntityKinds.ParentOf(record.Value) is not var (parent, parentId) || parent != kind || parentId != id)
                continue;
            count++;
            if (names.Count < MostNamed)
                names.Add($"{EntityKinds.Word(record.Kind)} \"{record.Value.Id}\"");
        }

        if (count == 0)
            return null;
        names.Sort(StringComparer.Ordinal);
        var more = count > names.Count ? $" and {count - names.Count} more" : "";
        return $"is what {string.Join(", ", names)}{more} belong{(count == 1 ? "s" : "")} to; delete or move {(count == 1 ? "it" : "them")} first";
    }

    /// <summary>What is wrong with an entity beside the others of its kind: values and logins that another one has.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Twins(Entity entity, IEnumerable<EntityRecord> all)
    {
        foreach (var record in all)
        {
            if (record.Value.Id == entity.Id)
                continue;
            if (entity is User { Login: { } login } && record.Value is User other && string.Equals(login, other.Login, StringComparison.OrdinalIgnoreCase))
                yield return new("login", $"is already the login of the user \"{other.Id}\"");
            if (entity is KeyEntity key && record.Value is KeyEntity second && key.Hashes.Any(h => second.Hashes.Any(s => s.Hash.AsSpan().SequenceEqual(h.Hash))))
                yield return new("hashes", $"holds a value of the key \"{second.Id}\"; each key needs values of its own");
        }
    }

    /// <summary>Whether nobody says which models the key may use: neither itself nor a level above.</summary>
    public static bool LacksModels(KeyEntity key, Func<EntityKind, string, Entity?> find)
    {
        for (Entity? level = key; level is not null; level = EntityKinds.ParentOf(level) is var (kind, id) ? find(kind, id) : null)
        {
            if (level.Models is not null || level is KeyEntity { Routes: not null })
                return false;
        }

        return true;
    }
}
