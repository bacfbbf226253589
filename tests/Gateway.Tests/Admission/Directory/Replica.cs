using Gateway.Admission.Directory;
using Gateway.Configuration.Entities;
using Gateway.State;
using Gateway.State.Journal;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Admission.Directory;

/// <summary>A directory as one replica has it, over a store that others may share.</summary>
internal sealed class Replica(IStateStore store, TimeProvider time) : IAsyncDisposable
{
    public DirectoryService Service { get; } = new(new StateJournal(store, "audit", time), store, new EntityFormat(), time, NullLogger<DirectoryService>.Instance);

    public static async Task<Replica> StartAsync(IStateStore store, TimeProvider time)
    {
        var replica = new Replica(store, time);
        await replica.Service.StartAsync();
        return replica;
    }

    public static KeyEntity Key(string id, byte fill = 1, string? team = null) =>
        new() { Id = id, Models = ["*"], Team = team, Hashes = [new KeyHash(Enumerable.Repeat(fill, 32).ToArray())] };

    public Task<DirectoryResult> PutAsync(Entity entity, long? ifVersion = null, bool dryRun = false) =>
        Service.ChangeAsync(new DirectoryChange(EntityKinds.Of(entity), entity.Id, entity, "test") { IfVersion = ifVersion, DryRun = dryRun });

    public Task<DirectoryResult> DeleteAsync(EntityKind kind, string id, long? ifVersion = null) =>
        Service.ChangeAsync(new DirectoryChange(kind, id, null, "test") { IfVersion = ifVersion });

    /// <summary>Completes when the directory has changed the next time.</summary>
    public Task ChangedAsync()
    {
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Service.Changed += _ => changed.TrySetResult();
        return changed.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}
