namespace Gateway.Admission.Directory;

/// <summary>What is done with keys besides changing what they may do. Values are shown once and kept as keyed hashes.</summary>
internal sealed class KeyOperations(IDirectory directory, KeyHasher hasher, TimeProvider time)
{
    /// <summary>The longest overlap of two values.</summary>
    public static readonly TimeSpan LongestOverlap = TimeSpan.FromDays(30);

    private const string Prefix = "gw";
    private const int MostValues = 8;
    private const int Attempts = 5;

    /// <summary>Makes a key.</summary>
    /// <param name="key">What it may do; its hashes are not looked at.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="dryRun">Only say what would become of it.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="IOException">The state store cannot be reached.</exception>
    public async Task<IssuedKey> CreateAsync(KeyEntity key, string actor, bool dryRun = false, CancellationToken cancellation = default)
    {
        var value = KeyValues.Create(Prefix);
        var made = key with { Hashes = [new KeyHash(hasher.Hash(value))] };
        var result = await directory.ChangeAsync(new DirectoryChange(EntityKind.Key, key.Id, made, actor) { IfVersion = 0, DryRun = dryRun }, cancellation).ConfigureAwait(false);
        return new IssuedKey(result, result.Outcome == DirectoryOutcome.Changed && !dryRun ? value : null);
    }

    /// <summary>Gives a key a new value. The one it has passes until the overlap is over.</summary>
    /// <param name="id">The key.</param>
    /// <param name="overlap">0 to <see cref="LongestOverlap"/>.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="ifVersion">The version it must have; null: whatever it has.</param>
    /// <param name="dryRun">Only say what would become of it.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="IOException">The state store cannot be reached.</exception>
    public async Task<IssuedKey> RotateAsync(string id, TimeSpan overlap, string actor, long? ifVersion = null, bool dryRun = false, CancellationToken cancellation = default)
    {
        if (overlap < TimeSpan.Zero || overlap > LongestOverlap)
            return new IssuedKey(Invalid("$.overlap", $"must be from 0 to {LongestOverlap.TotalDays:0} days"), null);
        var value = KeyValues.Create(Prefix);
        var hash = new KeyHash(hasher.Hash(value));
        var result = await EditAsync(id, actor, ifVersion, dryRun, key => key with { Hashes = [hash, .. Earlier(key, overlap)] }, cancellation).ConfigureAwait(false);
        return new IssuedKey(result, result.Outcome == DirectoryOutcome.Changed && !dryRun ? value : null);
    }

    /// <summary>Disables a key, or enables it again.</summary>
    /// <exception cref="IOException">The state store cannot be reached.</exception>
    public Task<DirectoryResult> SetDisabledAsync(string id, bool disabled, string actor, long? ifVersion = null, bool dryRun = false, CancellationToken cancellation = default) =>
        EditAsync(id, actor, ifVersion, dryRun, key => key with { Disabled = disabled }, cancellation);

    /// <summary>Sets when a key is refused from; null: never.</summary>
    /// <exception cref="IOException">The state store cannot be reached.</exception>
    public Task<DirectoryResult> ExpireAsync(string id, DateTimeOffset? from, string actor, long? ifVersion = null, bool dryRun = false, CancellationToken cancellation = default) =>
        EditAsync(id, actor, ifVersion, dryRun, key => key with { Expires = from?.ToUniversalTime() }, cancellation);

    private IEnumerable<KeyHash> Earlier(KeyEntity key, TimeSpan overlap)
    {
        var now = time.GetUtcNow();
        var until = now + overlap;
        foreach (var hash in key.Hashes)
        {
            // One that was replaced earlier goes when it was said to.
            var ends = hash.Until < until ? hash.Until : until;
            if (ends > now)
                yield return hash with { Until = ends };
        }
    }

    private async Task<DirectoryResult> EditAsync(string id, string actor, long? ifVersion, bool dryRun, Func<KeyEntity, KeyEntity> edit, CancellationToken cancellation)
    {
        var result = new DirectoryResult(DirectoryOutcome.NotFound, null, []);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            // What somebody else has done meanwhile is in the answer; otherwise this replica's own knowledge is where to begin.
            var record = result.Entity ?? directory.Current.Find(EntityKind.Key, id);
            if (record is null)
            {
                // Another replica may have made it just now.
                record = (await directory.ChangeAsync(new DirectoryChange(EntityKind.Key, id, null, actor) { IfVersion = 0, DryRun = true }, cancellation).ConfigureAwait(false)).Entity;
                if (record is null)
                    return new DirectoryResult(DirectoryOutcome.NotFound, null, []);
            }

            if (record.IsFileManaged)
                return new DirectoryResult(DirectoryOutcome.FileManaged, record, []);
            var edited = edit((KeyEntity)record.Value);
            if (edited.Hashes.Count > MostValues)
                return Invalid("$", $"has {MostValues} values that still pass; wait until one of them ends");
            result = await directory.ChangeAsync(
                new DirectoryChange(EntityKind.Key, id, edited, actor) { IfVersion = ifVersion ?? record.Version, DryRun = dryRun }, cancellation).ConfigureAwait(false);
            if (result.Outcome != DirectoryOutcome.VersionDiffers || ifVersion is not null)
                return result;
            if (result.Entity is null)
                return result with { Outcome = DirectoryOutcome.NotFound };
        }

        return result;
    }

    private static DirectoryResult Invalid(string path, string fault) => new(DirectoryOutcome.Invalid, null, [new(path, fault)]);
}
