using System.Collections.Frozen;
using System.Net;
using Gateway.Budgets;
using Gateway.Routing.Policies;

namespace Gateway.Admission.Directory;

/// <summary>
/// Compiles a directory into virtual keys. Keys whose chain of levels has not changed since the last time are taken over as they are, with
/// what they remember. One caller at a time.
/// </summary>
internal sealed class VirtualKeyCompiler
{
    private Dictionary<string, Chain> _chains = [];
    private Dictionary<EntityRecord, IReadOnlyList<LimitSpec>> _limits = new(ReferenceEqualityComparer.Instance);

    /// <summary>Compiles every key.</summary>
    public IReadOnlyList<VirtualKey> Compile(DirectorySnapshot directory)
    {
        var (before, limitsBefore) = (_chains, _limits);
        var chains = new Dictionary<string, Chain>(before.Count);
        var keys = new List<VirtualKey>();
        _limits = new(limitsBefore.Count, ReferenceEqualityComparer.Instance);
        foreach (var record in directory.Entities.Values)
        {
            if (record.Value is not KeyEntity { Hashes.Count: > 0 } key)
                continue;
            var levels = Levels(directory, record, out var isWhole);
            var chain = before.TryGetValue(key.Id, out var known) && known.IsWhole == isWhole && known.Levels.AsSpan().SequenceEqual(levels, ReferenceEqualityComparer.Instance)
                ? known
                : new Chain(levels, isWhole, CompileOrDisable(key, levels, isWhole, limitsBefore));
            if (ReferenceEquals(chain, known))
            {
                foreach (var level in levels)
                    Keep(level, limitsBefore);
            }

            chains[key.Id] = chain;
            keys.Add(chain.Key);
        }

        _chains = chains;
        return keys;
    }

    /// <summary>Compiles a key that is not in the directory, for a caller who is known otherwise: it acts under the levels that it names.</summary>
    public VirtualKey Compile(DirectorySnapshot directory, KeyEntity key)
    {
        var record = new EntityRecord(EntityKind.Key, key, 0);
        var compiled = CompileOrDisable(key, Levels(directory, record, out var isWhole), isWhole, _limits);
        _limits.Remove(record);
        return compiled;
    }

    /// <summary>Forgets what was compiled: after a change of the configuration the answers that keys remember are about routes that are gone.</summary>
    public void Forget() => _chains = [];

    /// <summary>The key and what is above it, itself first.</summary>
    private static EntityRecord[] Levels(DirectorySnapshot directory, EntityRecord key, out bool isWhole)
    {
        var levels = new List<EntityRecord>(4) { key };
        isWhole = true;
        while (EntityKinds.ParentOf(levels[^1].Value) is var (kind, id))
        {
            if (directory.Find(kind, id) is not { } above)
            {
                isWhole = false;
                break;
            }

            levels.Add(above);
        }

        return [.. levels];
    }

    private VirtualKey CompileOrDisable(KeyEntity key, EntityRecord[] levels, bool isWhole, Dictionary<EntityRecord, IReadOnlyList<LimitSpec>> known)
    {
        try
        {
            return Compile(key, levels, isWhole, known);
        }
        catch (InvalidDataException)
        {
            // Written by a newer gateway, or on a machine that knows more time zones: what can't be held to is not let through.
            return new VirtualKey { Id = key.Id, Name = key.Name ?? key.Id, Hash = key.Hashes[^1].Hash, Models = [], Disabled = true };
        }
    }

    private VirtualKey Compile(KeyEntity key, EntityRecord[] levels, bool isWhole, Dictionary<EntityRecord, IReadOnlyList<LimitSpec>> known)
    {
        // A key that names only routes may use only these; one that names nothing may use what the level above may.
        var models = levels.Select(l => l.Value is KeyEntity { Models: null, Routes: not null } ? [] : l.Value.Models).OfType<IReadOnlyList<string>>().ToList();
        var current = key.Hashes.FirstOrDefault(h => h.Until is null) ?? key.Hashes[^1];
        return new VirtualKey
        {
            Id = key.Id,
            Name = key.Name ?? key.Id,
            Hash = current.Hash,
            EarlierHashes = [.. key.Hashes.Where(h => h != current)],
            Models = models.Count > 0 ? models[0] : [],
            ModelsAbove = [.. models.Skip(1)],
            Providers = [.. levels.Select(l => l.Value.Providers).OfType<IReadOnlyList<string>>()],
            Data = levels.Aggregate(default(DataPolicy), (policy, l) => DataPolicy.Both(policy, DataPolicy.Of(l.Value.Residency, l.Value.Retention))),
            // What a key belongs to may be gone with a file that declared it: then nobody says what it may do.
            Disabled = !isWhole || levels.Any(l => l.Value.Disabled),
            Expires = key.Expires,
            CustomerId = IdOf(levels, EntityKind.Customer),
            TeamId = IdOf(levels, EntityKind.Team),
            UserId = IdOf(levels, EntityKind.User),
            Routes = key.Routes ?? [],
            AllowedNetworks = [.. key.AllowedNetworks.Select(Network)],
            Limits = [.. levels.SelectMany(l => LimitsOf(l, known))],
            Tags = key.Tags,
            Metadata = MetadataOf(levels),
            Weight = levels[^1].Value is Customer customer ? customer.Weight : 1,
        };
    }

    private static FrozenDictionary<string, string> MetadataOf(EntityRecord[] levels)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, text) in levels.SelectMany(l => l.Value.Metadata))
            all.TryAdd(name, text); // the nearest level comes first
        return all.ToFrozenDictionary(StringComparer.Ordinal);
    }

    // Levels are shared by many keys: their limits are compiled once, and are the same objects for all.
    private IReadOnlyList<LimitSpec> LimitsOf(EntityRecord level, Dictionary<EntityRecord, IReadOnlyList<LimitSpec>> known)
    {
        if (_limits.TryGetValue(level, out var limits))
            return limits;
        return _limits[level] = known.TryGetValue(level, out limits) ? limits : LimitCompiler.Compile(level.Kind, level.Value);
    }

    private void Keep(EntityRecord level, Dictionary<EntityRecord, IReadOnlyList<LimitSpec>> known)
    {
        if (known.TryGetValue(level, out var limits))
            _limits.TryAdd(level, limits);
    }

    private static IPNetwork Network(string text) =>
        NetworkText.Read(text, out var network) is { } fault ? throw new InvalidDataException($"A network {fault}.") : network;

    private static string? IdOf(EntityRecord[] levels, EntityKind kind) => Array.Find(levels, l => l.Kind == kind)?.Value.Id;

    private sealed record Chain(EntityRecord[] Levels, bool IsWhole, VirtualKey Key);
}
