namespace Gateway.Admission;

/// <summary>
/// Who runs when more requests have come than run at once: tenants take turns, as many requests in a turn as they have weight (deficit round robin with requests
/// of equal cost). While there is room nobody is asked: entering and leaving are one interlocked operation each. Thread-safe.
/// </summary>
internal sealed class FairQueue
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, FairTenant> _tenants = new(StringComparer.Ordinal);
    private readonly LinkedList<FairTenant> _round = [];
    private int _running;
    private int _waiting;
    private int _limit;

    /// <summary>Requests that run now.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Requests that wait now.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Enters if there is room and nobody waits. Who entered must <see cref="Leave"/>.</summary>
    /// <param name="limit">How many run at once.</param>
    public bool TryEnter(int limit)
    {
        if (_limit != limit)
            Volatile.Write(ref _limit, limit);
        return Waiting == 0 && TryTake(limit);
    }

    /// <summary>Lines up; null when there is no room to wait in. When all of it is taken, who has taken more than its share gives up its last.</summary>
    /// <param name="tenantName">Whose request it is.</param>
    /// <param name="weight">The tenant's share against others', ≥ 1.</param>
    /// <param name="room">How many may wait.</param>
    public FairWaiter? Enqueue(string tenantName, int weight, int room)
    {
        FairWaiter? evicted = null;
        FairWaiter waiter;
        lock (_gate)
        {
            if (!_tenants.TryGetValue(tenantName, out var tenant))
                tenant = new FairTenant(tenantName);
            tenant.Weight = Math.Max(1, weight);
            if (_waiting >= room)
            {
                if (Greedier(tenant) is not { } greediest)
                    return null;
                evicted = greediest.Waiting.Last!.Value;
                Remove(evicted);
            }

            waiter = new FairWaiter(tenant);
            if (tenant.Waiting.Count == 0)
            {
                _tenants[tenantName] = tenant;
                _round.AddLast(tenant.Place);
            }

            tenant.Waiting.AddLast(waiter.Place);
            Interlocked.Increment(ref _waiting);
            // Who left before it could see this one waiting has left room.
            Dispatch();
        }

        evicted?.End(mayRun: false);
        return waiter;
    }

    /// <summary>Gives up waiting.</summary>
    /// <returns>False when the wait has ended meanwhile: <see cref="FairWaiter.Turn"/> then says how.</returns>
    public bool GiveUp(FairWaiter waiter)
    {
        lock (_gate)
        {
            return Remove(waiter);
        }
    }

    /// <summary>Makes room for the next.</summary>
    public void Leave()
    {
        Interlocked.Decrement(ref _running);
        if (Waiting == 0)
            return;
        lock (_gate)
        {
            Dispatch();
        }
    }

    private bool TryTake(int limit)
    {
        // Never above the limit, not for a moment: who leaves meanwhile would find no room to hand on.
        var running = Running;
        while (running < limit)
        {
            var before = Interlocked.CompareExchange(ref _running, running + 1, running);
            if (before == running)
                return true;
            running = before;
        }

        return false;
    }

    private void Dispatch()
    {
        while (_round.First is { } first)
        {
            if (!TryTake(Volatile.Read(ref _limit)))
                return;
            var tenant = first.Value;
            if (tenant.Deficit <= 0)
                tenant.Deficit = tenant.Weight;
            tenant.Deficit--;
            var waiter = tenant.Waiting.First!.Value;
            Remove(waiter);
            if (tenant.Deficit <= 0 && tenant.Waiting.Count > 0)
            {
                _round.Remove(first);
                _round.AddLast(first);
            }

            waiter.End(mayRun: true);
        }
    }

    private bool Remove(FairWaiter waiter)
    {
        var tenant = waiter.Tenant;
        if (waiter.Place.List is null)
            return false;
        tenant.Waiting.Remove(waiter.Place);
        Interlocked.Decrement(ref _waiting);
        if (tenant.Waiting.Count == 0)
        {
            _round.Remove(tenant.Place);
            _tenants.Remove(tenant.Name);
        }

        return true;
    }

    /// <summary>The tenant that waits with the most requests for its weight, if this one would not have as many with one more.</summary>
    private FairTenant? Greedier(FairTenant tenant)
    {
        FairTenant? greediest = null;
        foreach (var other in _round)
        {
            if (greediest is null || Load(other, other.Waiting.Count) > Load(greediest, greediest.Waiting.Count))
                greediest = other;
        }

        return greediest is not null && Load(greediest, greediest.Waiting.Count) > Load(tenant, tenant.Waiting.Count + 1) ? greediest : null;
    }

    private static double Load(FairTenant tenant, int requests) => (double)requests / tenant.Weight;
}
