using Gateway.Budgets;
using Gateway.Metering;
using Gateway.State;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Benchmarks.Operations;

/// <summary>Reserving and settling in a hierarchy four deep, with a budget of money and a rate limit of tokens at each level, from leases that hold.</summary>
internal sealed class ReserveOperation : IStateStore, ISpendingRecord, ILimitEvents, IAsyncDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(56);

    private readonly Dictionary<string, StateItem> _items = [];
    private readonly AllowanceBook _book;
    private readonly LimitSpec[] _limits;
    private readonly LedgerEntry _entry = new()
    {
        Time = Now,
        RequestId = "0123456789abcdef0123456789abcdef",
        KeyId = "default",
        Operation = "chat",
        RequestedModel = "bench/model-1",
        TargetModel = "model-1",
        Provider = "bench",
        Usage = new TokenUsage(20, 200),
        CostNanoUsd = 1,
        Attempts = 1,
    };

    public ReserveOperation()
    {
        _book = new(new() { Replica = "bench", ClockTolerance = TimeSpan.Zero, LeaseLife = TimeSpan.FromDays(36_500) }, this, this, this,
            new StillTime(), NullLogger<AllowanceBook>.Instance);
        _limits = [.. Enum.GetValues<LimitScope>().SelectMany(Both)];
        // A lease that no run uses up.
        var reserved = _book.ReserveAsync(_limits, new(1L << 60, 1L << 60, 0), Now, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        reserved.Reservation!.Settle(_entry);
    }

    /// <summary>How often the store was called.</summary>
    public int Calls { get; private set; }

    /// <summary>Reserves and settles once.</summary>
    /// <returns>False when that was not done from the leases.</returns>
    public bool Run()
    {
        var reserving = _book.ReserveAsync(_limits, new(10_000, 4_000, 1_024), Now, CancellationToken.None);
        if (!reserving.IsCompletedSuccessfully || reserving.Result.Reservation is not { } reservation)
            return false;
        reservation.Settle(_entry);
        return true;
    }

    public ValueTask DisposeAsync() => _book.DisposeAsync();

    private static IEnumerable<LimitSpec> Both(LimitScope scope)
    {
        var budget = new LimitSpec
        {
            Id = $"{scope}:bench:money",
            Name = "money",
            Scope = scope,
            OwnerId = "bench",
            Kind = LimitKind.Budget,
            Unit = LimitUnit.NanoUsd,
            Amount = long.MaxValue / 2,
        };
        return [budget, budget with { Id = $"{scope}:bench:tokens", Name = "tokens", Kind = LimitKind.Rate, Unit = LimitUnit.Tokens, Window = new(WindowUnit.Minute, 1) }];
    }

    ValueTask<StateItem?> IStateStore.GetAsync(string key, CancellationToken cancellation)
    {
        Calls++;
        return new(_items.GetValueOrDefault(key));
    }

    ValueTask<bool> IStateStore.TrySetAsync(string key, ReadOnlyMemory<byte> value, string? etag, TimeSpan? timeToLive, CancellationToken cancellation)
    {
        Calls++;
        _items[key] = new(key, value, "e");
        return new(true);
    }

    ValueTask IStateStore.SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan? timeToLive, CancellationToken cancellation) => ValueTask.CompletedTask;

    ValueTask<IReadOnlyList<StateItem?>> IStateStore.GetManyAsync(IReadOnlyList<string> keys, CancellationToken cancellation) => throw new NotSupportedException();

    ValueTask<bool> IStateStore.TryDeleteAsync(string key, string? etag, CancellationToken cancellation) => throw new NotSupportedException();

    ValueTask<bool> IStateStore.TryTransactAsync(IReadOnlyList<StateChange> changes, CancellationToken cancellation) => throw new NotSupportedException();

    ValueTask<IReadOnlyDictionary<long, long>> ISpendingRecord.UsedAsync(LimitSpec limit, LimitPeriod period, DateTimeOffset now, CancellationToken cancellation) =>
        new(new Dictionary<long, long>());

    ValueTask ILimitEvents.RaiseAsync(LimitEvent raised, CancellationToken cancellation) => ValueTask.CompletedTask;

    private sealed class StillTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
