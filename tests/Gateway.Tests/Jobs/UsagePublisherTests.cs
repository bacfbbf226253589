using CsCheck;
using Gateway.Events;
using Gateway.Events.Embedded;
using Gateway.Jobs;
using Gateway.Jobs.Usage;
using Gateway.Metering;
using Gateway.State.Embedded;
using Gateway.Tests.Metering;
using Gateway.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Jobs;

public sealed class UsagePublisherTests : IAsyncLifetime, IDisposable
{
    private readonly LedgerBench _bench = new();
    private readonly MemoryStateStore _store = new();
    private readonly ScriptedBus _bus = new();
    private SqliteDatabase _database = null!;

    public Task InitializeAsync()
    {
        _bench.Open();
        _database = SqliteDatabase.Open(LedgerPaths.Database(_bench.Directory.Path));
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => _bench.DisposeAsync().AsTask();

    public void Dispose() => _database.Dispose();

    [Fact]
    public async Task PublishAsync_Entries_ComeInOrderAndOnce()
    {
        await _bench.AppendAsync(1_200);
        await _bench.Ledger.FlushAsync();
        await using var publisher = Publisher();
        await publisher.PublishAsync(default);
        await publisher.PublishAsync(default);
        Assert.Equal(Enumerable.Range(1, 1_200).Select(i => (long)i), _bus.Batches.SelectMany(batch => batch.Entries).Select(entry => entry.Sequence));
        Assert.All(_bus.Batches, batch => Assert.InRange(batch.Entries.Count, 1, UsageBatch.MaxEntries));
        Assert.Equal(0, publisher.LagEntries);
        Assert.Equal(1_200, Outbox.Replicas().Single().Published);
    }

    [Fact]
    public async Task PublishAsync_BusAway_KeepsTheMarkAndSaysHowFarBehind()
    {
        await using var publisher = Publisher();
        await publisher.PublishAsync(default);
        await _bench.AppendAsync(10);
        await _bench.Ledger.FlushAsync();
        _bus.Unavailable = true;
        await Assert.ThrowsAsync<EventBusUnavailableException>(() => publisher.PublishAsync(default));
        _bench.Time.SetUtcNow(Samples.Epoch.AddMinutes(5) > _bench.Time.GetUtcNow() ? Samples.Epoch.AddMinutes(5) : _bench.Time.GetUtcNow().AddMinutes(5));
        Assert.Equal(10, publisher.LagEntries);
        Assert.True(publisher.Lag > TimeSpan.FromMinutes(4));
        _bus.Unavailable = false;
        await publisher.PublishAsync(default);
        Assert.Equal(0, publisher.LagEntries);
        Assert.Equal(TimeSpan.Zero, publisher.Lag);
        Assert.Equal(10, _bus.Batches.Sum(batch => batch.Entries.Count));
    }

    [Fact]
    public async Task PublishAsync_AnswerLost_PublishesTheSameAgain()
    {
        await _bench.AppendAsync(3);
        await _bench.Ledger.FlushAsync();
        _bus.LoseNextAnswer = true;
        await using (var publisher = Publisher())
            await Assert.ThrowsAsync<EventBusUnavailableException>(() => publisher.PublishAsync(default));
        await using (var next = Publisher()) // as after a kill
            await next.PublishAsync(default);
        Assert.Equal(["1-3", "1-3"], _bus.Batches.Select(batch => $"{batch.First}-{batch.Last}"));
    }

    [Fact]
    public async Task PublishAsync_AllPublished_WritesDownThatItIsComplete()
    {
        await using var publisher = Publisher();
        await publisher.PublishAsync(default);
        await _bench.AppendAsync(2);
        await _bench.Ledger.FlushAsync();
        _bench.Time.Advance(TimeSpan.FromSeconds(10));
        await publisher.PublishAsync(default);
        var mark = await _store.ReadAsync(RollupKeys.Published(_bench.Ledger.Replica), JobsJson.Default.PublishedMark, default);
        Assert.Equal(new PublishedMark(2, _bench.Time.GetUtcNow()), mark);
    }

    [Fact]
    public async Task PublishAsync_BusInThisProcess_WaitsUntilItIsSummedUp()
    {
        var consumer = new UsageConsumer(_store, NullLogger<UsageConsumer>.Instance);
        await _bench.AppendAsync(5);
        await _bench.Ledger.FlushAsync();
        await using var publisher = Publisher(here: consumer);
        var held = _store.Hold();
        var publishing = publisher.PublishAsync(default);
        await held;
        Assert.Equal(0, Outbox.Replicas().Single().Published);
        _store.Release();
        await publishing;
        Assert.Equal(5, Outbox.Replicas().Single().Published);
        Assert.Equal(5, (await _store.AppliedAsync(_bench.Ledger.Replica)).Through());
    }

    [Fact]
    public async Task Summed_AnyEntries_IsWhatTheEntriesSumUpTo()
    {
        var entries = Enumerable.Range(1, 300).Select(i => UsageRig.Entry(i, i)).ToList();
        foreach (var entry in entries)
            await _bench.Ledger.AppendAsync(entry);
        await _bench.Ledger.FlushAsync();

        var batch = Outbox.Summed(Outbox.Replicas().Single() with { Published = 20 }, 200)!;

        Assert.Equal((21, 220), (batch.First, batch.Last));
        Assert.Equal(
            entries[20..220].GroupBy(entry => (Hour: RollupKeys.HourOf(entry.Time), Series: UsageSeries.Of(entry)))
                .Select(group => (group.Key.Hour, group.Key.Series, Sums: group.Select(UsageSums.Of).Aggregate((one, other) => one + other))).OrderBy(line => line.ToString()),
            batch.Lines.OrderBy(line => line.ToString()));
        Assert.Null(Outbox.Summed(Outbox.Replicas().Single() with { Published = 300 }, 200));
    }

    [Fact]
    public async Task PublishAsync_EarlierLifeStoppedInTheMiddle_CountsEachOnce()
    {
        var entries = Enumerable.Range(1, 40).Select(i => UsageRig.Entry(i, i)).ToList();
        var consumer = new UsageConsumer(_store, NullLogger<UsageConsumer>.Instance);
        await using var publisher = Publisher(here: consumer);
        foreach (var entry in entries[..25])
            await _bench.Ledger.AppendAsync(entry);
        await _bench.Ledger.FlushAsync();
        // Added to the sums, and then the process was killed before the ledger knew.
        Assert.True(await consumer.TryApplyAsync(Outbox.Summed(Outbox.Replicas().Single(), 25)!, default));
        foreach (var entry in entries[25..])
            await _bench.Ledger.AppendAsync(entry);
        await _bench.Ledger.FlushAsync();

        await publisher.PublishAsync(default);

        var sums = new Dictionary<UsageSeries, UsageSums>();
        await new RollupReader(_store).VisitHoursAsync(UsageRig.Start.AddHours(-2), UsageRig.Start.AddHours(12), null, (_, line) => RollupReader.Add(sums, line), default);
        Assert.Equal(UsageRig.SumsOf(entries).OrderBy(one => one.Key.ToString()), sums.OrderBy(one => one.Key.ToString()));
        Assert.Equal(40, Outbox.Replicas().Single().Published);
    }

    [Fact]
    public async Task PublishAsync_AnyFaultsAndRestarts_CountsEachOnce() =>
        await (from kinds in Gen.Int[0, 60].List[0, 12]
               from faults in Gen.Int[0, 9].List[0, 12]
               from restarts in Gen.Int[0, 4]
               select (kinds, faults, Restarts: restarts == 0)).List[1, 10].SampleAsync(
            async steps =>
            {
                await using var bench = new LedgerBench();
                bench.Open();
                using var database = SqliteDatabase.Open(LedgerPaths.Database(bench.Directory.Path));
                var store = new MemoryStateStore();
                var consumer = new UsageConsumer(store, NullLogger<UsageConsumer>.Instance);
                var publisher = Create();
                var entries = new List<LedgerEntry>();
                foreach (var (kinds, faults, restarts) in steps)
                {
                    foreach (var kind in kinds)
                    {
                        entries.Add(UsageRig.Entry(entries.Count + 1, kind));
                        await bench.Ledger.AppendAsync(entries[^1]);
                        if (kind % 7 == 0)
                            await bench.Ledger.FlushAsync();
                    }

                    await bench.Ledger.FlushAsync();
                    var left = new Queue<int>(faults);
                    store.Faults = _ => left.TryDequeue(out var fault) ? fault switch { 0 => StateFault.Unavailable, 1 => StateFault.LostAnswer, _ => StateFault.None } : StateFault.None;
                    await Record.ExceptionAsync(() => publisher.PublishAsync(default));
                    store.Faults = null;
                    if (restarts)
                    {
                        await bench.Ledger.DisposeAsync();
                        bench.Open();
                        publisher = Create();
                    }
                }

                await publisher.PublishAsync(default);

                var sums = new Dictionary<UsageSeries, UsageSums>();
                await new RollupReader(store).VisitHoursAsync(UsageRig.Start.AddHours(-2), UsageRig.Start.AddHours(12), null, (_, line) => RollupReader.Add(sums, line), default);
                Assert.Equal(UsageRig.SumsOf(entries).OrderBy(one => one.Key.ToString()), sums.OrderBy(one => one.Key.ToString()));
                Assert.Equal(entries.Count, new UsageOutbox(database).Replicas().Single().Published);

                UsagePublisher Create() => new(bench.Ledger, new UsageOutbox(database), _bus, store, consumer, bench.Time, NullLogger<UsagePublisher>.Instance);
            },
            iter: 60,
            threads: 1);

    [Fact]
    public async Task Start_BusComesBack_GoesOnByItself()
    {
        await _bench.AppendAsync(4);
        await _bench.Ledger.FlushAsync();
        _bus.Unavailable = true;
        var time = new TimerWatch();
        await using var publisher = Publisher(time: time);
        publisher.Start();
        await time.PassNextWaitAsync();
        Assert.Equal(TimeSpan.FromSeconds(1), await time.PassNextWaitAsync());
        Assert.NotNull(publisher.Fault);
        Assert.Equal(TimeSpan.FromSeconds(2), await time.PassNextWaitAsync());
        _bus.Unavailable = false;
        await time.PassNextWaitAsync();
        await time.PassNextWaitAsync();
        Assert.Equal(4, _bus.Batches.Sum(batch => batch.Entries.Count));
        Assert.Null(publisher.Fault);
    }

    [Fact]
    public async Task DeleteBefore_NotPublished_IsKept()
    {
        await _bench.AppendAsync(30);
        await _bench.Ledger.FlushAsync();
        Assert.Equal(0, Outbox.DeleteBefore(Samples.Epoch.AddYears(1), 1_000));
        Outbox.Mark(_bench.Ledger.Replica, 20);
        Assert.Equal(15, Outbox.DeleteBefore(Samples.Epoch.AddYears(1), 15));
        Assert.Equal(5, Outbox.DeleteBefore(Samples.Epoch.AddYears(1), 15));
        Outbox.Mark(_bench.Ledger.Replica, 30);
        Assert.Equal(5, Outbox.DeleteBefore(Samples.Epoch.AddMilliseconds(25), 1_000));
        Assert.Equal([26, 27, 28, 29, 30], (await _bench.AllAsync()).Select(entry => entry.Sequence));
        await _bench.AppendAsync(1);
        await _bench.Ledger.FlushAsync();
        Assert.Equal([31], Outbox.Unpublished(Outbox.Replicas().Single(), 10).Select(entry => entry.Sequence));
    }

    private UsageOutbox Outbox => new(_database);

    private UsagePublisher Publisher(IEventBus? bus = null, UsageConsumer? here = null, TimeProvider? time = null) =>
        new(_bench.Ledger, Outbox, bus ?? _bus, _store, here, time ?? _bench.Time, NullLogger<UsagePublisher>.Instance);
}
