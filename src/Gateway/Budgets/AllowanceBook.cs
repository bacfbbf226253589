using System.Collections.Concurrent;
using Gateway.State;
using Microsoft.Extensions.Logging;

namespace Gateway.Budgets;

/// <summary>
/// Reserves what requests may need of limits that all replicas share. While leases last that happens in memory; the store is asked when one is short, and in
/// the background.
/// </summary>
internal sealed class AllowanceBook : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, LimitState> _limits = new(StringComparer.Ordinal);
    private readonly AllowanceBookOptions _options;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private readonly LeaseExchange _exchange;
    private readonly WantedBoard _wanted;
    private readonly LeaseKeeper _keeper;
    private int _disposed;

    /// <summary>Makes one. It reserves at once; <see cref="Start"/> begins the upkeep.</summary>
    public AllowanceBook(
        AllowanceBookOptions options, IStateStore store, ISpendingRecord spending, ILimitEvents events, TimeProvider time, ILogger<AllowanceBook> log)
    {
        (_options, _time) = (options, time);
        _exchange = new(options, store, spending, time, log, _stopping.Token);
        _wanted = new(store, time);
        _keeper = new(options, _limits, StateOf, _exchange, _wanted, new(options.Replica, store), events, time, log);
    }

    /// <summary>Begins the upkeep: leases are raised, prolonged and returned, what was used is reported.</summary>
    /// <param name="find">Finds a limit by its id, to settle at once what an earlier life of this replica held; null: unknown, and then settled at first use.</param>
    public void Start(Func<string, LimitSpec?> find) => _keeper.Start(find);

    /// <summary>Reserves the worst case of a request in all limits or in none.</summary>
    /// <param name="limits">Those that may count it.</param>
    /// <param name="worst">The most it can use.</param>
    /// <param name="now">The request's arrival: the time of its ledger entry.</param>
    /// <param name="cancellation">Gives up; nothing is held then.</param>
    public ValueTask<ReserveResult> ReserveAsync(IReadOnlyList<LimitSpec> limits, in WorstCase worst, DateTimeOffset now, CancellationToken cancellation)
    {
        var reservation = new Reservation(limits.Count, now);
        return TryReserveAll(reservation, limits, worst, null, out _)
            ? new(ReserveResult.Of(reservation))
            : ReserveSlowlyAsync(reservation, limits, worst, cancellation);
    }

    /// <summary>How a limit stands now, as far as this replica knows; null when it has not been used here lately.</summary>
    public LimitView? View(LimitSpec limit) => _limits.TryGetValue(limit.Id, out var state) ? state.View(limit, _time.GetUtcNow()) : null;

    /// <summary>Does at once what the upkeep does every so often.</summary>
    internal Task UpkeepAsync() => _keeper.TickAsync(_stopping.Token);

    /// <summary>Stops the upkeep, reports what was used and returns all leases, if the store can be reached.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _keeper.DisposeAsync();
        await _stopping.CancelAsync();
        _stopping.Dispose();
    }

    private bool TryReserveAll(Reservation reservation, IReadOnlyList<LimitSpec> limits, in WorstCase worst, bool[]? forced, out Allowance? missed)
    {
        var timeMs = reservation.Time.ToUnixTimeMilliseconds();
        for (var i = 0; i < limits.Count; i++)
        {
            var limit = limits[i];
            var need = worst.Of(limit);
            var state = StateOf(limit);
            var allowance = state.At(limit, reservation.Time);
            if (!allowance.TryReserve(need, timeMs, out var bucket) && !(forced is not null && forced[i] && allowance.TryForce(need, timeMs, out bucket)))
            {
                missed = allowance;
                reservation.Undo();
                return false;
            }

            reservation.Add(new(state, allowance, need, bucket));
        }

        missed = null;
        return true;
    }

    private async ValueTask<ReserveResult> ReserveSlowlyAsync(
        Reservation reservation, IReadOnlyList<LimitSpec> limits, WorstCase worst, CancellationToken cancellation)
    {
        var started = _time.GetTimestamp();
        var forced = new bool[limits.Count];
        for (var round = 1; ; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            Allowance? contended = null;
            for (var i = 0; i < limits.Count; i++)
            {
                var allowance = StateOf(limits[i]).At(limits[i], reservation.Time);
                var need = worst.Of(limits[i]);
                var (standing, away) = await EnsureAsync(allowance, need, reservation.Time, Left(started), cancellation);
                if (standing == Standing.Exhausted)
                    return Exhausted(allowance, need);
                if (away && limits[i].WhenUnavailable == UnavailablePolicy.Refuse)
                    return ReserveResult.Refused(ReserveFailure.Unavailable, allowance, _options.StoreRest);
                forced[i] |= away;
                if (standing == Standing.Contended && !away)
                    contended ??= allowance;
            }

            if (contended is null)
            {
                if (TryReserveAll(reservation, limits, worst, forced, out contended))
                    return ReserveResult.Of(reservation);
                // Others were quicker to take what had just been leased.
                if (round < 3)
                    continue;
            }

            var left = Left(started);
            if (left <= TimeSpan.Zero)
                return ReserveResult.Refused(ReserveFailure.Contended, contended!, TimeSpan.FromSeconds(1));
            await WaitAsync(contended!, left, cancellation);
        }
    }

    /// <summary>Sees to it that an amount can be reserved, asking the store when the lease is short.</summary>
    private async ValueTask<(Standing Standing, bool Away)> EnsureAsync(
        Allowance allowance, long need, DateTimeOffset time, TimeSpan wait, CancellationToken cancellation)
    {
        var timeMs = time.ToUnixTimeMilliseconds();
        var standing = allowance.Judge(need, timeMs, NowMs(), believe: false);
        if (standing != Standing.Short)
            return (standing, false);
        if (_exchange.Resting)
            return (standing, true);
        allowance.Need(need);
        try
        {
            var least = _options.WaitForOthers / 4;
            var outcome = await _exchange.RunAsync(allowance, need).WaitAsync(wait > least ? wait : least, _time, cancellation);
            return (allowance.Judge(need, timeMs, NowMs(), believe: outcome == ExchangeOutcome.Done), outcome == ExchangeOutcome.Away);
        }
        catch (TimeoutException)
        {
            _exchange.Rest();
            return (Standing.Short, true);
        }
        finally
        {
            allowance.Need(-need);
        }
    }

    private ReserveResult Exhausted(Allowance allowance, long need)
    {
        TimeSpan? retryAfter = allowance.Limit.Kind switch
        {
            LimitKind.Budget => null,
            LimitKind.Held => TimeSpan.FromSeconds(1),
            _ => allowance.FitsIn(need, _time.GetUtcNow()),
        };
        return ReserveResult.Refused(ReserveFailure.Exhausted, allowance, retryAfter);
    }

    private async ValueTask WaitAsync(Allowance contended, TimeSpan left, CancellationToken cancellation)
    {
        if (contended.HeldByOthers > 0)
            await _wanted.WantAsync(contended, cancellation);
        var pause = TimeSpan.FromMilliseconds(Random.Shared.Next(25, 75));
        await Task.Delay(pause < left ? pause : left, _time, cancellation);
    }

    private LimitState StateOf(LimitSpec limit) =>
        _limits.TryGetValue(limit.Id, out var state) ? state : _limits.GetOrAdd(limit.Id, static (_, made) => new(made.limit, made.book._options, made.book.StateOf), (limit, book: this));

    private TimeSpan Left(long started) => _options.WaitForOthers - _time.GetElapsedTime(started);

    private long NowMs() => _time.GetUtcNow().ToUnixTimeMilliseconds();
}
