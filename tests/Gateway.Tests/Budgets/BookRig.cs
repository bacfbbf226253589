using System.Collections.Concurrent;
using Gateway.Budgets;
using Gateway.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Budgets;

/// <summary>Replicas' books over one store and one clock that stands still until it is moved.</summary>
internal sealed class BookRig : ISpendingRecord, ILimitEvents
{
    public BookRig() => Store = new(Time);

    public FakeTimeProvider Time { get; } = new(new(2026, 11, 23, 3, 30, 0, TimeSpan.Zero));

    public MemoryStateStore Store { get; }

    public ConcurrentQueue<LimitEvent> Events { get; } = [];

    /// <summary>What the ledger of the replica that starts says its earlier lives used.</summary>
    public Dictionary<long, long> Spent { get; } = [];

    public DateTimeOffset Now => Time.GetUtcNow();

    public AllowanceBook Book(string replica = "a") =>
        new(new() { Replica = replica }, Store, this, this, Time, NullLogger<AllowanceBook>.Instance);

    public ValueTask<ReserveResult> ReserveAsync(AllowanceBook book, long amount, params LimitSpec[] limits) =>
        book.ReserveAsync(limits, Limits.Worst(amount), Now, default);

    /// <summary>Reserves what must be there.</summary>
    public async Task<Reservation> HoldAsync(AllowanceBook book, long amount, params LimitSpec[] limits)
    {
        var result = await AnswerAsync(ReserveAsync(book, amount, limits));
        Assert.Equal(ReserveFailure.None, result.Failure);
        return result.Reservation!;
    }

    /// <summary>Reserves and uses.</summary>
    public async Task UseAsync(AllowanceBook book, long amount, params LimitSpec[] limits) =>
        (await HoldAsync(book, amount, limits)).Settle(Limits.Entry(Now, amount));

    /// <summary>Moves the clock until a request that waits has its answer.</summary>
    public async Task<ReserveResult> AnswerAsync(ValueTask<ReserveResult> waiting, Func<Task>? meanwhile = null)
    {
        var task = waiting.AsTask();
        for (var i = 0; i < 10_000 && !task.IsCompleted; i++)
        {
            if (meanwhile is not null)
                await meanwhile();
            Time.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Yield();
        }

        return await task;
    }

    /// <summary>What the store has of a limit in the present period.</summary>
    public LimitValue Value(LimitSpec limit) =>
        Store.Peek(LimitPeriod.At(limit, Now).Key) is { } item ? LimitValueJson.Read(item.Value.Span) : new();

    public long Used(LimitSpec limit) => Value(limit).Spent(LimitPeriod.At(limit, Now), Now.ToUnixTimeMilliseconds());

    ValueTask<IReadOnlyDictionary<long, long>> ISpendingRecord.UsedAsync(LimitSpec limit, LimitPeriod period, DateTimeOffset now, CancellationToken cancellation) =>
        new(Spent);

    ValueTask ILimitEvents.RaiseAsync(LimitEvent raised, CancellationToken cancellation)
    {
        Events.Enqueue(raised);
        return ValueTask.CompletedTask;
    }
}
