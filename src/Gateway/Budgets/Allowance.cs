namespace Gateway.Budgets;

/// <summary>
/// One limit in one period on this replica: the lease, what is reserved from it and what was used. Safe for threads. Reserving and settling take a short lock,
/// allocate nothing and never call the store.
/// <para>Always: used + reserved + free ≤ used + held in the store, as far as this replica's slot goes. So what is given up goes before the write, and
/// what is gained comes after it; a write whose outcome is unknown leaves too much in the store, never too little.</para>
/// </summary>
internal sealed class Allowance(LimitSpec limit, LimitPeriod period, AllowanceBookOptions options)
{
    private readonly Lock _gate = new();
    private readonly BucketRing _buckets = new(period);
    private readonly LeaseDemand _demand = new();

    private LimitSpec _limit = limit;
    private LeaseAnswer _view = new(0, 0, 0, 0, 1);
    private long _viewMs = long.MinValue;
    private long _free;
    private long _usableUntilMs;
    private long _expiresMs;
    private long _lastUseMs = long.MinValue;
    private long _version;
    private long _reported;
    private long _needed;
    private long _overrun;
    private LimitValue? _lastValue;
    private readonly HashSet<int> _told = [];
    private readonly List<int> _untold = [];
    private long _unbacked;
    private TaskCompletionSource<ExchangeOutcome>? _exchange;
    private bool _adopted;
    private bool _exhausted;
    private bool _retired;

    /// <summary>The limit as last configured.</summary>
    public LimitSpec Limit => Volatile.Read(ref _limit);

    /// <summary>The period.</summary>
    public LimitPeriod Period => period;

    /// <summary>Whether what earlier writers of this replica's slot used has been taken over.</summary>
    public bool Adopted => Volatile.Read(ref _adopted);

    /// <summary>Whether it has been given up: nothing can be reserved from it any more, and the book has another one or none.</summary>
    public bool Retired => Volatile.Read(ref _retired);

    /// <summary>When this replica last said that it wants what others hold, in milliseconds since 1970.</summary>
    public long WantedMs { get; set; }

    /// <summary>What the other replicas held when the value was last seen.</summary>
    public long HeldByOthers
    {
        get
        {
            lock (_gate)
                return _view.OthersHeld;
        }
    }

    /// <summary>What all replicas have used, as far as this one knows.</summary>
    public long Spent
    {
        get
        {
            lock (_gate)
                return Amounts.Add(_view.OthersUsed, _buckets.Used);
        }
    }

    /// <summary>How much could still be reserved, as far as this replica knows; negative when more was used than there is.</summary>
    public long Remaining
    {
        get
        {
            lock (_gate)
                return Left();
        }
    }

    /// <summary>Leased and not reserved.</summary>
    public long Free
    {
        get
        {
            lock (_gate)
                return _free;
        }
    }

    /// <summary>Reserved and not settled.</summary>
    public long Reserved
    {
        get
        {
            lock (_gate)
                return _buckets.Reserved;
        }
    }

    /// <summary>What this replica used in the period, its earlier lives included.</summary>
    public long Used
    {
        get
        {
            lock (_gate)
                return _buckets.Used;
        }
    }

    /// <summary>Reserves from the lease.</summary>
    /// <param name="amount">≥ 0; 0 always succeeds.</param>
    /// <param name="nowMs">Milliseconds since 1970.</param>
    /// <param name="bucket">Where to settle.</param>
    public bool TryReserve(long amount, long nowMs, out long bucket)
    {
        lock (_gate)
        {
            Advance(nowMs);
            bucket = 0;
            if (_retired || (amount > 0 && (amount > _free || nowMs >= _usableUntilMs)))
                return false;
            Take(amount, nowMs, out bucket);
            _free -= amount;
            return true;
        }
    }

    /// <summary>Reserves although the lease is short and the store away: a budget without bound, anything else up to this replica's share of the amount.</summary>
    public bool TryForce(long amount, long nowMs, out long bucket)
    {
        lock (_gate)
        {
            Advance(nowMs);
            bucket = 0;
            if (_retired)
                return false;
            var taken = Amounts.Add(Amounts.Add(_buckets.Used, _buckets.Reserved), amount);
            if (_limit.Kind != LimitKind.Budget && taken > _limit.Amount / _view.Replicas)
                return false;
            Take(amount, nowMs, out bucket);
            TakeFree(amount);
            _version++;
            return true;
        }
    }

    /// <summary>Gives a reservation back as if it had never been.</summary>
    public void Undo(long bucket, long reserved)
    {
        lock (_gate)
        {
            if (_buckets.Release(bucket, reserved))
                GiveBack(reserved);
        }
    }

    /// <summary>Turns what was reserved into what was used.</summary>
    /// <param name="bucket">As reserved.</param>
    /// <param name="reserved">How much was.</param>
    /// <param name="actual">What was used, ≥ 0. Beyond what was reserved it comes from what is free, and is an overrun either way.</param>
    /// <returns><see cref="Remaining"/> afterwards.</returns>
    public long Settle(long bucket, long reserved, long actual)
    {
        lock (_gate)
        {
            if (_buckets.Release(bucket, reserved))
            {
                GiveBack(reserved);
                if (actual > reserved)
                    _overrun = Amounts.Add(_overrun, actual - reserved);
                Use(bucket, actual);
            }

            return Left();
        }
    }

    /// <summary>Counts what was used without having been reserved.</summary>
    /// <returns>False when the limit is used up.</returns>
    public bool Charge(long actual, long timeMs)
    {
        lock (_gate)
        {
            Advance(timeMs);
            _lastUseMs = Math.Max(_lastUseMs, timeMs);
            var backed = actual <= _free;
            var bucket = period.BucketOf(timeMs);
            if (period.Counts(bucket, timeMs))
                Use(bucket, actual);
            return backed || Left() > 0;
        }
    }

    /// <summary>How an amount stands, and what is known of it without asking the store.</summary>
    /// <param name="amount">The amount.</param>
    /// <param name="timeMs">The time of the reservation.</param>
    /// <param name="nowMs">The time now: what was known of others is believed for a while.</param>
    /// <param name="believe">Whether what was learnt just now is taken as it is, because the store has just been asked.</param>
    public Standing Judge(long amount, long timeMs, long nowMs, bool believe)
    {
        lock (_gate)
        {
            Advance(timeMs);
            if (!_retired && (amount == 0 || (amount <= _free && timeMs < _usableUntilMs)))
                return Standing.Ready;
            var age = _viewMs == long.MinValue ? long.MaxValue : Math.Abs(nowMs - _viewMs);
            if (_retired || amount <= Left() || (!believe && age >= options.ExhaustedFor.TotalMilliseconds))
                return Standing.Short;
            if (amount > _limit.Amount - _view.OthersUsed - _buckets.Used)
            {
                _exhausted |= _limit.Kind != LimitKind.Held;
                return Standing.Exhausted;
            }

            return believe || age < options.TickEvery.TotalMilliseconds / 5 ? Standing.Contended : Standing.Short;
        }
    }

    /// <summary>Says that somebody waits for an amount, or no longer does when it is negative.</summary>
    public void Need(long amount)
    {
        lock (_gate)
            _needed = amount < 0 ? Math.Max(0, _needed + amount) : Amounts.Add(_needed, amount);
    }

    /// <summary>Takes a limit as it is configured now. When its amount has changed, nothing more is taken from the lease before the store has been asked.</summary>
    public void Configure(LimitSpec configured)
    {
        lock (_gate)
        {
            if (configured.Amount != _limit.Amount)
            {
                // Also when there is more of it: there may have been still more in between, and others may have taken that.
                _viewMs = long.MinValue;
                _free = 0;
                _unbacked = Amounts.Add(_unbacked, _buckets.Reserved);
                _version++;
            }

            Volatile.Write(ref _limit, configured);
        }
    }

    /// <summary>Begins an exchange with the store, of which there is one at a time.</summary>
    /// <param name="mine">The exchange to drive and complete; null when another one is under way, or it has been given up.</param>
    /// <returns>What becomes of the exchange.</returns>
    public Task<ExchangeOutcome> OpenExchange(out TaskCompletionSource<ExchangeOutcome>? mine)
    {
        lock (_gate)
        {
            mine = null;
            if (_retired)
                return Task.FromResult(ExchangeOutcome.Done);
            if (_exchange is null or { Task.IsCompleted: true })
                _exchange = mine = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _exchange.Task;
        }
    }

    /// <summary>Takes over what this replica's slot said, or its ledger where the slot is of an earlier life. Once, before the first <see cref="Begin"/>.</summary>
    /// <param name="used">What was used, by bucket.</param>
    /// <param name="value">The value as read: what this life announced in it before the allowance was forgotten has been told.</param>
    /// <param name="life">Which start of the replica this is.</param>
    /// <param name="nowMs">Milliseconds since 1970.</param>
    public void Adopt(IEnumerable<KeyValuePair<long, long>> used, LimitValue value, string life, long nowMs)
    {
        lock (_gate)
        {
            if (_adopted)
                return;
            foreach (var (bucket, amount) in used)
            {
                if (period.Counts(bucket, nowMs))
                    _buckets.Use(bucket, amount);
            }

            Hear(value, life, tell: false);
            Volatile.Write(ref _adopted, true);
        }
    }

    /// <summary>Changes the value as this replica would have it, and gives up at once what it gives up.</summary>
    /// <param name="value">As read.</param>
    /// <param name="life">Which start of the replica this is.</param>
    /// <param name="least">What the one who asks needs free; 0: nobody asks.</param>
    /// <param name="keep">How much may stay free; for giving back.</param>
    /// <param name="nowMs">Milliseconds since 1970.</param>
    public LeaseStep Begin(LimitValue value, string life, long least, long keep, long nowMs)
    {
        lock (_gate)
        {
            Advance(nowMs);
            _free = Math.Min(_free, keep);
            var own = new ReplicaSlot { Replica = options.Replica, Life = life, Expires = nowMs + (long)options.LeaseLife.TotalMilliseconds };
            _buckets.CopyTo(own.Used);
            value.Prune(_limit.Kind, period, nowMs);
            var needed = keep == long.MaxValue ? Math.Max(_needed, least) : 0;
            var answer = value.Update(own, new LeaseClaim
            {
                Outstanding = _buckets.Reserved,
                Free = _free,
                Needed = needed,
                Least = needed == 0 ? 0 : Math.Max(1, least),
                Wish = keep == long.MaxValue ? _demand.Wish(_buckets.Reserved, needed, options.LeaseSpan) : 0,
            }, _limit.Amount, period, nowMs);
            if (_limit.Kind != LimitKind.Held)
            {
                value.Announce(_limit, life, _exhausted, period, nowMs);
                _exhausted &= value.Exhausted is null;
            }

            _free = Math.Min(_free, answer.Kept);
            return new(answer, _version, own.Expires, nowMs) { Amount = _limit.Amount, Unbacked = _unbacked };
        }
    }

    /// <summary>What <see cref="Begin"/> computed has been written.</summary>
    /// <param name="step">It.</param>
    /// <param name="value">The value as written.</param>
    /// <param name="life">Which start of the replica this is: it tells of what it announced in the value.</param>
    public void Commit(in LeaseStep step, LimitValue value, string life)
    {
        lock (_gate)
        {
            // What was granted of another amount is not taken; the next write says so.
            if (step.Amount == _limit.Amount)
                _free = Amounts.Add(_free, step.Answer.Extra);
            _unbacked = Amounts.Add(_unbacked - Math.Min(_unbacked, step.Unbacked), step.Answer.Excess);
            _view = step.Answer;
            _viewMs = step.Now;
            _expiresMs = step.Expires;
            _usableUntilMs = step.Expires - (long)options.ClockTolerance.TotalMilliseconds;
            _reported = step.Version;
            _lastValue = period.IsRolling ? value : null;
            Hear(value, life, tell: true);
        }
    }

    /// <summary>What <see cref="Begin"/> computed was not written, or nobody knows.</summary>
    public void Abandon()
    {
        lock (_gate)
            _version++;
    }

    /// <summary>Gives it up, if nothing is reserved or left in it and the store knows everything.</summary>
    /// <param name="unreported">Whether the store need not know.</param>
    public bool TryRetire(bool unreported)
    {
        lock (_gate)
        {
            if (_retired || _buckets.Reserved > 0 || (!unreported && (_free > 0 || _reported != _version)) || _exchange is { Task.IsCompleted: false })
                return _retired;
            Volatile.Write(ref _retired, true);
            return true;
        }
    }

    /// <summary>Expects the demand that another period had.</summary>
    public void Follow(Allowance previous, long nowMs)
    {
        lock (_gate)
        {
            _demand.Seed(previous._demand);
            _lastUseMs = nowMs;
        }
    }

    /// <summary>What was used beyond what had been reserved since this was last asked.</summary>
    public long TakeOverrun()
    {
        lock (_gate)
        {
            var overrun = _overrun;
            _overrun = 0;
            return overrun;
        }
    }

    /// <summary>The percentages passed that this life has announced and not told of; 0: that it is used up.</summary>
    public IReadOnlyList<int> TakeUntold()
    {
        lock (_gate)
        {
            if (_untold.Count == 0)
                return [];
            int[] untold = [.. _untold];
            _untold.Clear();
            return untold;
        }
    }

    /// <summary>In how long an amount will fit at the latest, if nothing more is used.</summary>
    public TimeSpan FitsIn(long amount, DateTimeOffset now)
    {
        if (period.Ends)
            return period.End - now;
        lock (_gate)
        {
            var nowMs = now.ToUnixTimeMilliseconds();
            var leaves = _lastValue?.FitsAt(amount, _limit.Amount, period, nowMs) ?? nowMs + 1_000;
            return TimeSpan.FromMilliseconds(Math.Max(1_000, leaves - nowMs));
        }
    }

    /// <summary>Measures the demand and says what the lease needs.</summary>
    public LeaseUpkeep Look(long nowMs)
    {
        lock (_gate)
        {
            Advance(nowMs);
            _demand.Measure(_buckets.Reserved, nowMs);
            var wish = _demand.Wish(_buckets.Reserved, 0, options.LeaseSpan);
            var life = (long)options.LeaseLife.TotalMilliseconds;
            var since = _viewMs == long.MinValue ? long.MaxValue : nowMs - _viewMs;
            return new LeaseUpkeep
            {
                Active = _lastUseMs != long.MinValue && nowMs - _lastUseMs < options.IdleAfter.TotalMilliseconds,
                Free = _free,
                Reserved = _buckets.Reserved,
                Unreported = _reported != _version,
                Low = _free < wish / 2 && since >= (_view.Extra > 0 ? options.TickEvery : options.ReportEvery).TotalMilliseconds,
                Expiring = _free + _buckets.Reserved > 0 && nowMs >= _expiresMs - (life / 2),
                SinceExchangeMs = since,
                LastUseMs = _lastUseMs,
            };
        }
    }

    private void Take(long amount, long nowMs, out long bucket)
    {
        bucket = _buckets.Reserve(amount, nowMs);
        _demand.Reserved(_buckets.Reserved);
        _lastUseMs = nowMs;
    }

    private void Use(long bucket, long actual)
    {
        if (actual == 0)
            return;
        _buckets.Use(bucket, actual);
        _demand.Used(actual);
        TakeFree(actual);
        _version++;
    }

    private void Hear(LimitValue value, string life, bool tell)
    {
        foreach (var (percent, by) in value.Announced)
            Note(percent, by);
        if (value.Exhausted is { } exhausted)
            Note(0, exhausted);
        _told.RemoveWhere(percent => percent == 0 ? value.Exhausted is null : !value.Announced.ContainsKey(percent));

        void Note(int percent, string by)
        {
            if (by == life && _told.Add(percent) && tell)
                _untold.Add(percent);
        }
    }

    private void TakeFree(long amount)
    {
        var free = Math.Min(_free, amount);
        _free -= free;
        _unbacked = Amounts.Add(_unbacked, amount - free);
    }

    // What was never leased, or is too much by now, is not given back to the lease, nor what was used beyond the amount meanwhile.
    private void GiveBack(long amount)
    {
        var unbacked = Math.Min(_unbacked, amount);
        _unbacked -= unbacked;
        var room = Math.Max(0, _limit.Amount - _buckets.Used - _buckets.Reserved);
        _free = Math.Max(_free, Math.Min(Amounts.Add(_free, amount - unbacked), room));
    }

    private void Advance(long nowMs)
    {
        if (_buckets.Advance(nowMs) is > 0 and var released)
            GiveBack(released);
    }

    private long Left() => _limit.Amount - _view.OthersUsed - _view.OthersHeld - _buckets.Used - _buckets.Reserved;
}
