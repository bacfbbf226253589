using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Gateway.Budgets;

/// <summary>
/// The book's one background task: raises, prolongs and returns leases, reports what was used, heeds what other replicas want, fetches the next window's leases
/// in time, settles what an earlier life held, tells of events, and forgets what is no longer used.
/// </summary>
internal sealed class LeaseKeeper(
    AllowanceBookOptions options,
    ConcurrentDictionary<string, LimitState> limits,
    Func<LimitSpec, LimitState> stateOf,
    LeaseExchange exchange,
    WantedBoard wanted,
    HeldRecord record,
    ILimitEvents events,
    TimeProvider time,
    ILogger log) : IAsyncDisposable
{
    /// <summary>How many exchanges there are at once.</summary>
    private const int AtOnce = 16;

    /// <summary>Windows that are shorter are not recorded: a crash costs little of them, and not for long.</summary>
    private static readonly TimeSpan ShortWindow = TimeSpan.FromMinutes(10);

    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task<ExchangeOutcome>> _exchanges = [];
    private Func<string, LimitSpec?>? _find;
    private Task _running = Task.CompletedTask;

    /// <summary>Begins.</summary>
    public void Start(Func<string, LimitSpec?> find)
    {
        _find = find;
        _running = RunAsync();
    }

    /// <summary>One round.</summary>
    public async Task TickAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (exchange.Resting)
            return;
        if (_find is not null && !await RecoverAsync(_find, cancellation))
            return;
        var wants = await WantsAsync(cancellation);
        var held = new List<Allowance>();
        foreach (var (id, state) in limits)
        {
            foreach (var allowance in state.All)
                await LookAfterAsync(state, allowance, now, wants, held);
            state.Sweep(() => limits.TryRemove(new(id, state)));
        }

        await FlushAsync();
        if (!exchange.Resting)
            await record.WriteAsync(held, cancellation);
        await TellAsync(cancellation);
    }

    /// <summary>Stops, reports what was used and returns all leases.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        var all = limits.Values.SelectMany(state => state.All).Where(allowance => allowance.Adopted).ToList();
        foreach (var allowance in all)
        {
            if (!exchange.Resting)
                await AddAsync(exchange.RunAsync(allowance, keep: 0));
        }

        await FlushAsync();
        try
        {
            if (!exchange.Resting)
                await record.WriteAsync(all.FindAll(allowance => allowance.Free + allowance.Reserved > 0), CancellationToken.None);
        }
        catch (IOException e)
        {
            BudgetLog.UpkeepFailed(log, e);
        }

        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(options.TickEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                try
                {
                    await TickAsync(_stopping.Token);
                }
                catch (Exception e) when (e is IOException or JsonException)
                {
                    exchange.Rest();
                    BudgetLog.UpkeepFailed(log, e);
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private async ValueTask LookAfterAsync(
        LimitState state, Allowance allowance, DateTimeOffset now, IReadOnlyDictionary<string, long> wants, List<Allowance> held)
    {
        var nowMs = now.ToUnixTimeMilliseconds();
        var look = allowance.Look(nowMs);
        var period = allowance.Period;
        if (period.End <= now || look.LastUseMs < nowMs - (long)ForgetAfter().TotalMilliseconds)
        {
            // Nobody asks for a past window of a rate limit any more.
            if (allowance.TryRetire(unreported: period.End <= now && allowance.Limit.Kind == LimitKind.Rate))
                return;
        }

        if (look.Free + look.Reserved > 0 && (!period.Ends || period.End - period.Start >= ShortWindow))
            held.Add(allowance);
        var idle = !look.Active && period.Start <= now - options.IdleAfter;
        var wantedElsewhere = wants.TryGetValue(period.Key, out var at) && at > allowance.WantedMs;
        if (look.Free > 0 && (idle || period.End <= now || !ReferenceEquals(allowance.Limit, state.Limit)))
            await AddAsync(exchange.RunAsync(allowance, keep: 0));
        else if (look.Free > 0 && wantedElsewhere)
            // Who is busy shares; who was not since the last round gives up all of it.
            await AddAsync(exchange.RunAsync(allowance, keep: nowMs - look.LastUseMs < options.TickEvery.TotalMilliseconds ? look.Free / 2 : 0));
        else if ((look.Active && look.Low && !wantedElsewhere) || look.Expiring || (look.Unreported && look.SinceExchangeMs >= options.ReportEvery.TotalMilliseconds))
            await AddAsync(exchange.RunAsync(allowance, keep: look.Active && !wantedElsewhere ? long.MaxValue : look.Free));
        if (look.Active && period.Ends && period.End > now && period.End - now <= Ahead(period))
            await FetchNextAsync(state, allowance, nowMs);
    }

    private async ValueTask FetchNextAsync(LimitState state, Allowance allowance, long nowMs)
    {
        var next = state.Ahead(allowance.Period.End);
        if (next.Adopted)
            return;
        next.Follow(allowance, nowMs);
        await AddAsync(exchange.RunAsync(next));
    }

    private async ValueTask<IReadOnlyDictionary<string, long>> WantsAsync(CancellationToken cancellation)
    {
        if (!limits.Values.Any(state => state.All.Any(allowance => allowance.Free > 0)))
            return new Dictionary<string, long>();
        return await wanted.ReadAsync(cancellation);
    }

    private async ValueTask<bool> RecoverAsync(Func<string, LimitSpec?> find, CancellationToken cancellation)
    {
        var recovered = 0;
        foreach (var (id, at) in await record.ReadAsync(cancellation))
        {
            if (find(id) is not { } limit)
                continue;
            var allowance = stateOf(limit).At(limit, at == DateTimeOffset.UnixEpoch ? time.GetUtcNow() : at);
            if (allowance.Adopted)
                continue;
            if (await exchange.RunAsync(allowance, keep: 0) == ExchangeOutcome.Away)
                return false;
            recovered++;
        }

        _find = null;
        if (recovered > 0)
            BudgetLog.Recovered(log, recovered);
        return true;
    }

    private async ValueTask TellAsync(CancellationToken cancellation)
    {
        foreach (var allowance in limits.Values.SelectMany(state => state.All))
        {
            foreach (var percent in allowance.TakeUntold())
            {
                var kind = percent == 0 ? LimitEventKind.Exhausted : LimitEventKind.ThresholdPassed;
                await RaiseAsync(new(kind, allowance.Limit, allowance.Period, percent == 0 ? 100 : percent, allowance.Spent), cancellation);
            }

            if (allowance.TakeOverrun() is > 0 and var overrun)
            {
                BudgetLog.Overrun(log, allowance.Limit.Id, overrun);
                await RaiseAsync(new(LimitEventKind.Overrun, allowance.Limit, allowance.Period, 0, overrun), cancellation);
            }
        }
    }

    private async ValueTask RaiseAsync(LimitEvent raised, CancellationToken cancellation)
    {
        try
        {
            await events.RaiseAsync(raised, cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            BudgetLog.EventFailed(log, raised.Limit.Id, e);
        }
    }

    private async ValueTask AddAsync(Task<ExchangeOutcome> running)
    {
        _exchanges.Add(running);
        if (_exchanges.Count >= AtOnce)
            await FlushAsync();
    }

    private async ValueTask FlushAsync()
    {
        await Task.WhenAll(_exchanges);
        _exchanges.Clear();
    }

    private TimeSpan Ahead(LimitPeriod period)
    {
        var fifth = (period.End - period.Start) / 5;
        var twoTicks = options.TickEvery * 2;
        return fifth > twoTicks ? fifth : twoTicks;
    }

    private TimeSpan ForgetAfter() => limits.Count > options.MaxLimits ? options.IdleAfter : options.ForgetAfter;
}
