using Gateway.Budgets;

namespace Gateway.Tests.Budgets;

/// <summary>Replicas, a store and a clock, each moved by hand, and the reference: what was used and is in flight, simply added up.</summary>
internal sealed class ProtocolModel
{
    private readonly AllowanceBookOptions[] _options;
    private readonly ModelReplica[] _replicas;
    private readonly Dictionary<string, (byte[] Value, int ETag)> _store = [];
    private readonly List<PendingWrite> _delayed = [];

    /// <summary>By period: what may be spent and in flight, what may be written, and what was overrun.</summary>
    private readonly Dictionary<string, (long Spent, long Written, long Overrun)> _allowed = [];

    private LimitSpec _limit;
    private DateTimeOffset _now = new(2026, 11, 23, 3, 30, 7, TimeSpan.Zero);
    private int _lives;

    public ProtocolModel(LimitSpec limit, int replicas)
    {
        _limit = limit;
        _options = [.. Enumerable.Range(0, replicas).Select(i => new AllowanceBookOptions { Replica = $"r{i}" })];
        _replicas = [.. _options.Select(options => new ModelReplica(limit, options, $"l{_lives++}"))];
    }

    private long NowMs => _now.ToUnixTimeMilliseconds();

    private LimitPeriod Period => LimitPeriod.At(_limit, _now);

    public void Do(ProtocolStep step, int index, int number)
    {
        var replica = _replicas[index];
        if (replica.Alive)
            Act(replica, step, number);
        switch (step)
        {
            case ProtocolStep.Arrive when _delayed.Count > 0:
                var late = _delayed[number % _delayed.Count];
                _delayed.Remove(late);
                Store(late);
                break;
            case ProtocolStep.Restart when !replica.Alive:
                replica.Start(_limit, _options[index], $"l{_lives++}");
                break;
            case ProtocolStep.SettleOrphan when !replica.Alive:
                SettleOrphan(replica, _options[index].Replica);
                break;
            case ProtocolStep.Wait:
                // Leases of what is only held must not expire while they are used: their upkeep sees to that.
                _now += TimeSpan.FromSeconds(_limit.Kind == LimitKind.Held ? 0 : number / 20.0);
                break;
            case ProtocolStep.Edit:
                Edit(200 + number);
                break;
        }
    }

    /// <summary>Spent and in flight is at most the amount, and so is what is written.</summary>
    public void CheckNow()
    {
        foreach (var period in Periods())
        {
            var (spent, most, overrun) = Allowed(period);
            var truth = Truth(period);
            Assert.True(truth <= spent + overrun, $"{truth} of {spent} + {overrun} in {period.Key}");
            if (_store.TryGetValue(period.Key, out var item))
            {
                var value = LimitValueJson.Read(item.Value);
                var written = value.Spent(period, NowMs) + value.Held();
                Assert.True(written <= most + overrun, $"{written} written of {most} + {overrun} in {period.Key}");
            }
        }
    }

    /// <summary>Everyone starts again, every request ends, every replica gives back what it has.</summary>
    public void Recover()
    {
        for (var i = 0; i < _replicas.Length; i++)
        {
            var replica = _replicas[i];
            if (!replica.Alive)
                replica.Start(_limit, _options[i], $"l{_lives++}");
            Finish(replica);
            while (replica.Open.Count > 0)
                Settle(replica, 0, replica.Open[0].Amount);
        }

        CheckNow();
        foreach (var period in Periods())
        {
            foreach (var replica in _replicas)
            {
                var at = period.Ends ? period.Start : _now;
                Begin(replica, replica.State.At(_limit, at), 0, keep: 0);
                Finish(replica);
            }
        }
    }

    /// <summary>The store says what the ledgers say, nothing is held, and what is left can be had at once.</summary>
    public void CheckRecovered()
    {
        foreach (var period in Periods().Where(period => _store.ContainsKey(period.Key)))
        {
            var value = LimitValueJson.Read(_store[period.Key].Value);
            Assert.Equal(0, value.Held());
            if (period.Ends)
                Assert.Equal(Truth(period), value.Spent(period, NowMs));
            else if (_limit.Kind != LimitKind.Held)
                Assert.InRange(value.Spent(period, NowMs), Truth(period), Truth(period, period.Bucket));
        }

        var now = Period;
        var left = _limit.Amount - (_limit.Kind == LimitKind.Held ? 0 : Truth(now, now.Bucket));
        if (left <= 0)
            return;
        var allowance = _replicas[0].State.At(_limit, _now);
        allowance.Need(left);
        Begin(_replicas[0], allowance, left, long.MaxValue);
        Finish(_replicas[0]);
        Assert.True(allowance.TryReserve(left, NowMs, out _), $"{left} of {_limit.Amount} cannot be had again");
    }

    private void Act(ModelReplica replica, ProtocolStep step, int number)
    {
        switch (step)
        {
            case ProtocolStep.Reserve:
                var allowance = replica.State.At(_limit, _now);
                var amount = 1 + (number / 4);
                if (allowance.TryReserve(amount, NowMs, out var bucket))
                    replica.Open.Add(new(allowance, bucket, amount, _now));
                break;
            case ProtocolStep.Settle when replica.Open.Count > 0:
                Settle(replica, number % replica.Open.Count, number % (replica.Open[number % replica.Open.Count].Amount + 1));
                break;
            case ProtocolStep.Overrun when replica.Open.Count > 0 && number % 4 == 0 && _limit.Kind != LimitKind.Held:
                var open = replica.Open[0];
                var allowed = Allowed(open.Allowance.Period);
                _allowed[open.Allowance.Period.Key] = allowed with { Overrun = allowed.Overrun + (number % 50) };
                Settle(replica, 0, open.Amount + (number % 50));
                break;
            case ProtocolStep.Ask when replica.Pending is null:
                Begin(replica, replica.State.At(_limit, _now), 1 + (number / 2), long.MaxValue);
                break;
            case ProtocolStep.Return when replica.Pending is null:
                Begin(replica, replica.State.All.Count > 0 ? replica.State.All[number % replica.State.All.Count] : replica.State.At(_limit, _now), 0, keep: 0);
                break;
            case ProtocolStep.Write:
                Finish(replica);
                break;
            case ProtocolStep.LoseAnswer when replica.Pending is { } lost:
                Store(lost);
                GiveUp(replica, lost);
                break;
            case ProtocolStep.Delay when replica.Pending is { } late:
                _delayed.Add(late);
                GiveUp(replica, late);
                break;
            case ProtocolStep.Crash:
                replica.Alive = false;
                // A change that was on its way still arrives, perhaps.
                if (replica.Pending is { } orphan)
                    _delayed.Add(orphan);
                replica.Pending = null;
                replica.Open.Clear();
                break;
        }
    }

    private void Settle(ModelReplica replica, int index, long used)
    {
        var open = replica.Open[index];
        replica.Open.RemoveAt(index);
        var actual = _limit.Kind == LimitKind.Held ? 0 : used;
        open.Allowance.Settle(open.Bucket, open.Amount, actual);
        replica.Ledger.Add((open.Time, actual));
    }

    private void Begin(ModelReplica replica, Allowance allowance, long least, long keep)
    {
        var stored = _store.TryGetValue(allowance.Period.Key, out var item);
        var value = stored ? LimitValueJson.Read(item.Value) : new LimitValue();
        if (!allowance.Adopted)
        {
            var slot = value.Find(replica.Id);
            allowance.Adopt(slot is null ? [] : slot.Life == replica.Life ? slot.Used : replica.EarlierLives(allowance.Period), value, replica.Life, NowMs);
        }

        var step = allowance.Begin(value, replica.Life, least, keep, NowMs);
        replica.Pending = new(allowance, value, step, stored ? item.ETag : 0);
    }

    private void Finish(ModelReplica replica)
    {
        if (replica.Pending is not { } pending)
            return;
        if (Store(pending))
        {
            pending.Allowance.Commit(pending.Step, pending.Value, replica.Life);
            replica.Pending = null;
        }
        else
        {
            GiveUp(replica, pending);
        }
    }

    private static void GiveUp(ModelReplica replica, PendingWrite pending)
    {
        pending.Allowance.Abandon();
        replica.Pending = null;
    }

    private bool Store(PendingWrite write)
    {
        var key = write.Allowance.Period.Key;
        var etag = _store.TryGetValue(key, out var item) ? item.ETag : 0;
        if (etag != write.ETag)
            return false;
        _store[key] = (LimitValueJson.Write(write.Value).ToArray(), etag + 1);
        return true;
    }

    private void SettleOrphan(ModelReplica replica, string id)
    {
        foreach (var period in Periods().Where(period => _store.ContainsKey(period.Key)))
        {
            var (bytes, etag) = _store[period.Key];
            var value = LimitValueJson.Read(bytes);
            if (value.SettleOrphan(id, replica.Sums(period), NowMs))
                _store[period.Key] = (LimitValueJson.Write(value).ToArray(), etag + 1);
        }
    }

    private void Edit(long amount)
    {
        foreach (var period in Periods())
        {
            // What is in flight when an amount is lowered may end, and what was computed before may still be written; but nothing more begins.
            var (_, most, overrun) = Allowed(period);
            _allowed[period.Key] = (Math.Max(amount, Truth(period) + Unnoticed(period, amount) - overrun), Math.Max(amount, most), overrun);
        }

        _limit = _limit with { Amount = amount };
    }

    /// <summary>The leases of replicas that see no edit, because they missed the one before that.</summary>
    private long Unnoticed(LimitPeriod period, long amount) => _replicas.Where(replica => replica.Alive).Sum(replica =>
        replica.State.All.Where(allowance => allowance.Period.Key == period.Key && allowance.Limit.Amount == amount).Sum(allowance => allowance.Free)
        + (replica.Pending is { } pending && pending.Step.Amount == amount && pending.Allowance.Period.Key == period.Key ? pending.Step.Answer.Extra : 0));

    private (long Spent, long Written, long Overrun) Allowed(LimitPeriod period)
    {
        if (!_allowed.TryGetValue(period.Key, out var allowed))
            _allowed[period.Key] = allowed = (_limit.Amount, _limit.Amount, 0);
        return allowed;
    }

    private List<LimitPeriod> Periods() =>
        [.. _replicas.SelectMany(replica => replica.State.All).Select(allowance => allowance.Period).Append(Period).DistinctBy(period => period.Key)];

    /// <summary>What was used in the period, for certain, and is in flight.</summary>
    private long Truth(LimitPeriod period, TimeSpan slack = default) => _replicas.Sum(replica =>
        replica.Ledger.Where(entry => Counts(period, entry.Time, slack)).Sum(entry => entry.Amount)
        + replica.Open.Where(open => Counts(period, open.Time, slack)).Sum(open => open.Amount));

    private bool Counts(LimitPeriod period, DateTimeOffset time, TimeSpan slack) =>
        period.Contains(time) && (!period.IsRolling || time > _now - period.Rolling - slack);
}
