using Gateway.Budgets;
using Gateway.Jobs.Usage;

namespace Gateway.Jobs.Accounting;

/// <summary>What one replica's rollups say was used in a time, by whom.</summary>
internal sealed class ReplicaSpending
{
    private readonly Dictionary<(LimitScope, string), List<RollupLine>> _byOwner = [];

    /// <summary>Adds a line.</summary>
    public void Add(RollupLine line)
    {
        Add(LimitScope.Customer, line.Series.Customer, line);
        Add(LimitScope.Team, line.Series.Team, line);
        Add(LimitScope.User, line.Series.User, line);
        Add(LimitScope.Key, line.Series.Key, line);
    }

    /// <summary>What was taken from a limit; null when that can't be told, because models were folded that only some of count.</summary>
    public long? Of(LimitSpec limit)
    {
        var sum = 0L;
        foreach (var line in _byOwner.GetValueOrDefault((limit.Scope, limit.OwnerId)) ?? [])
        {
            if (line.Series is { IsFolded: true, Reached: true } && limit.Models.Count > 0)
                return null;
            sum = Amounts.Add(sum, Charge.Of(limit, line.Series, line.Sums));
        }

        return sum;
    }

    private void Add(LimitScope scope, string? owner, RollupLine line)
    {
        if (owner is null)
            return;
        if (!_byOwner.TryGetValue((scope, owner), out var lines))
            _byOwner[(scope, owner)] = lines = [];
        lines.Add(line);
    }
}
