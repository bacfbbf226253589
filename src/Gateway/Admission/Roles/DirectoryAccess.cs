using Gateway.Admission.Directory;

namespace Gateway.Admission.Roles;

/// <summary>The directory as a principal may see and change it. Every change is judged on the newest state, and made only on that.</summary>
/// <param name="directory">The directory.</param>
/// <param name="keys">Makes and rotates keys.</param>
/// <param name="addresses">The <c>provider/model</c> addresses of a route's targets; none for what is no route.</param>
internal sealed class DirectoryAccess(IDirectory directory, KeyOperations keys, Func<string, IReadOnlyList<string>> addresses)
{
    private const int Attempts = 5;

    private delegate Task<(DirectoryResult Result, string? Value)> Edit(EntityRecord? before);

    /// <summary>An entity that the grant covers, or null.</summary>
    public EntityRecord? Find(Grant grant, EntityKind kind, string id)
    {
        var current = directory.Current;
        return current.Find(kind, id) is { } found && grant.Covers(found.Value, current) ? found : null;
    }

    /// <summary>Every entity of a kind that the grant covers, by id.</summary>
    public IEnumerable<EntityRecord> All(Grant grant, EntityKind kind)
    {
        var current = directory.Current;
        return current.All(kind).Where(e => grant.Covers(e.Value, current));
    }

    /// <summary>Whether an entity belongs to another, directly or through a level between.</summary>
    public bool BelongsTo(Entity entity, EntityKind kind, string id)
    {
        var current = directory.Current;
        for (var level = entity; EntityKinds.ParentOf(level) is var (above, aboveId);)
        {
            if (above == kind && aboveId == id)
                return true;
            if (current.Find(above, aboveId) is not { } next)
                return false;
            level = next.Value;
        }

        return false;
    }

    /// <summary>Makes an entity, or changes what it says. A key that is made gets a value.</summary>
    /// <exception cref="IOException">The state store cannot be reached.</exception>
    public Task<AccessAnswer> PutAsync(Grant grant, Entity value, VersionCondition condition, bool dryRun, CancellationToken cancellation = default)
    {
        var (kind, actor) = (EntityKinds.Of(value), grant.Principal.Id);
        return RunAsync(grant, kind, value.Id, condition, value, async before =>
        {
            if (before is null && value is KeyEntity key)
            {
                var issued = await keys.CreateAsync(key, actor, dryRun, cancellation).ConfigureAwait(false);
                return (issued.Result, issued.Value);
            }

            var change = new DirectoryChange(kind, value.Id, value, actor) { IfVersion = before?.Version ?? 0, DryRun = dryRun };
            return (await directory.ChangeAsync(change, cancellation).ConfigureAwait(false), null);
        }, cancellation);
    }

    /// <summary>Deletes an entity.</summary>
    /// <exception cref="IOException">The state store cannot be reached.</exception>
    public Task<AccessAnswer> DeleteAsync(Grant grant, EntityKind kind, string id, VersionCondition condition, bool dryRun, CancellationToken cancellation = default) =>
        RunAsync(grant, kind, id, condition, null, async before =>
        {
            var change = new DirectoryChange(kind, id, null, grant.Principal.Id) { IfVersion = before!.Version, DryRun = dryRun };
            return (await directory.ChangeAsync(change, cancellation).ConfigureAwait(false), null);
        }, cancellation);

    /// <summary>Gives a key a new value; the one it has passes until the overlap is over.</summary>
    /// <exception cref="IOException">The state store cannot be reached.</exception>
    public Task<AccessAnswer> RotateAsync(Grant grant, string id, TimeSpan overlap, VersionCondition condition, bool dryRun, CancellationToken cancellation = default) =>
        RunAsync(grant, EntityKind.Key, id, condition, null, async before =>
        {
            var issued = await keys.RotateAsync(id, overlap, grant.Principal.Id, before!.Version, dryRun, cancellation).ConfigureAwait(false);
            return (issued.Result, issued.Value);
        }, cancellation);

    /// <summary>Disables a key, or enables it again.</summary>
    /// <exception cref="IOException">The state store cannot be reached.</exception>
    public Task<AccessAnswer> SetDisabledAsync(Grant grant, string id, bool disabled, VersionCondition condition, bool dryRun, CancellationToken cancellation = default) =>
        RunAsync(grant, EntityKind.Key, id, condition, null, async before =>
            (await keys.SetDisabledAsync(id, disabled, grant.Principal.Id, before!.Version, dryRun, cancellation).ConfigureAwait(false), null), cancellation);

    /// <param name="grant">Who asks.</param>
    /// <param name="kind">Of what.</param>
    /// <param name="id">Of which.</param>
    /// <param name="condition">What must hold.</param>
    /// <param name="after">What it shall say; null: it must be there, and is edited.</param>
    /// <param name="edit">Makes the change if the version is still the one it is given.</param>
    /// <param name="cancellation">Gives up.</param>
    private async Task<AccessAnswer> RunAsync(
        Grant grant, EntityKind kind, string id, VersionCondition condition, Entity? after, Edit edit, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var before = await NewestAsync(grant, kind, id, cancellation).ConfigureAwait(false);
            if (Refuse(grant, before, after) is { } refused)
                return refused;
            if (before?.IsFileManaged == true)
                return new(AccessOutcome.FileManaged, before, []);
            if (!condition.Holds(before))
                return new(AccessOutcome.VersionDiffers, before, []);
            if (after is not null && ScopedRules.Check(grant, before?.Value, after, directory.Current, addresses) is { Count: > 0 } problems)
                return new(AccessOutcome.Invalid, before, problems);
            var (result, value) = await edit(before).ConfigureAwait(false);
            if (result.Outcome is not (DirectoryOutcome.VersionDiffers or DirectoryOutcome.NotFound))
                return Answer(result, before) with { Value = value };
        }

        throw new IOException($"The {EntityKinds.Word(kind)} \"{id}\" was changed by others {Attempts} times in the meantime; try again.");
    }

    // Asked as a change that comes to nothing, because that reads the newest state; the current one is it, too, afterwards.
    private async Task<EntityRecord?> NewestAsync(Grant grant, EntityKind kind, string id, CancellationToken cancellation)
    {
        var change = new DirectoryChange(kind, id, null, grant.Principal.Id) { IfVersion = 0, DryRun = true };
        return (await directory.ChangeAsync(change, cancellation).ConfigureAwait(false)).Entity;
    }

    private AccessAnswer? Refuse(Grant grant, EntityRecord? before, Entity? after)
    {
        var current = directory.Current;
        // Who may not see an entity does not learn that it is there, except by taking its id.
        if (after is null)
            return before is null || !grant.Covers(before.Value, current) ? new(AccessOutcome.NotFound, null, []) : null;
        return (before is null || grant.Covers(before.Value, current)) && grant.Covers(after, current) ? null : new(AccessOutcome.Forbidden, null, []);
    }

    private static AccessAnswer Answer(DirectoryResult result, EntityRecord? before) => result.Outcome switch
    {
        DirectoryOutcome.Changed => new(before is null ? AccessOutcome.Created : AccessOutcome.Changed, result.Entity, []),
        DirectoryOutcome.Unchanged => new(AccessOutcome.Unchanged, result.Entity, []),
        DirectoryOutcome.FileManaged => new(AccessOutcome.FileManaged, result.Entity, []),
        _ => new(AccessOutcome.Invalid, result.Entity, result.Problems),
    };
}
