using Gateway.Metering;
using Gateway.Pipeline;

namespace Gateway.Budgets;

/// <summary>What a request holds of its caller's limits. Settled once, in the periods that it was reserved in; further replies are charged in those of their own time.</summary>
internal sealed class Reservation : IReservation
{
    private readonly Hold[] _holds;
    private int _count;
    private int _settled;

    /// <summary>Makes one that holds nothing yet.</summary>
    /// <param name="limits">How many limits it is for.</param>
    /// <param name="time">The request's arrival, which is also its ledger entry's time.</param>
    internal Reservation(int limits, DateTimeOffset time)
    {
        _holds = limits == 0 ? [] : new Hold[limits];
        Time = time;
    }

    /// <summary>When it was made.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>What it holds.</summary>
    internal ReadOnlySpan<Hold> Holds => _holds.AsSpan(0, _count);

    /// <inheritdoc/>
    public void Settle(LedgerEntry entry)
    {
        if (Interlocked.Exchange(ref _settled, 1) != 0)
            return;
        foreach (ref var hold in _holds.AsSpan(0, _count))
            hold.Amount = hold.Allowance.Settle(hold.Bucket, hold.Amount, Budgets.Charge.Of(hold.Allowance.Limit, entry));
    }

    /// <inheritdoc/>
    public bool Charge(LedgerEntry entry)
    {
        var within = true;
        foreach (ref readonly var hold in Holds)
        {
            var limit = hold.Allowance.Limit;
            var charge = Budgets.Charge.Of(limit, entry);
            if (limit.Kind != LimitKind.Held)
                within &= hold.State.At(limit, entry.Time).Charge(charge, entry.Time.ToUnixTimeMilliseconds());
        }

        return within;
    }

    /// <summary>Adds what was reserved of a limit.</summary>
    internal void Add(in Hold hold) => _holds[_count++] = hold;

    /// <summary>Gives everything back as if it had never been reserved.</summary>
    internal void Undo()
    {
        foreach (ref readonly var hold in Holds)
            hold.Allowance.Undo(hold.Bucket, hold.Amount);
        _count = 0;
    }

    /// <summary>How its limits stand; once it is settled, as they stood then where that is still their period.</summary>
    internal LimitViews Views(DateTimeOffset now)
    {
        var views = new LimitViews();
        var isSettled = Volatile.Read(ref _settled) != 0;
        foreach (ref readonly var hold in Holds)
        {
            var limit = hold.Allowance.Limit;
            if (!LimitViews.Shows(limit))
                continue;
            var current = hold.State.At(limit, now);
            views.Add(LimitView.Of(limit, current.Period, isSettled && ReferenceEquals(current, hold.Allowance) ? hold.Amount : current.Remaining, now));
        }

        return views;
    }
}
