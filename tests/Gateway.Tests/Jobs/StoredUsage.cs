using Gateway.Jobs;
using Gateway.Jobs.Usage;
using Gateway.State;

namespace Gateway.Tests.Jobs;

/// <summary>Looks at what jobs keep.</summary>
internal static class StoredUsage
{
    public static async Task<RangeSet> AppliedAsync(this IStateStore store, string replica) =>
        await store.ReadAsync(RollupKeys.Applied(replica), JobsJson.Default.RangeSet, default) ?? new();
}
