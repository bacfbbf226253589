using CsCheck;
using Gateway.Events;
using Gateway.Jobs.Usage;
using Gateway.Metering;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Jobs;

public class UsageConsumerTests
{
    [Fact]
    public async Task HandleAsync_AnyDeliveries_MakesTheSumsOfTheLedger() =>
        await Gen.Select(Gen.Int[0, 60].List[1, 40], Gen.Int[0, 40].Array[2].List[0, 12], Gen.Int[0, 99].List[0, 60], Gen.Int[0, 1_000_000])
            .SampleAsync(async (kinds, cuts, faults, seed) =>
            {
                var rig = new UsageRig();
                var entries = kinds.Select((kind, i) => UsageRig.Entry(i + 1, kind)).ToList();
                // Batches that overlap, are duplicates and come in any order; together they hold everything.
                var batches = cuts.Select(cut => (First: Math.Min(cut[0], cut[1]), Last: Math.Max(cut[0], cut[1])))
                    .Select(cut => entries.Skip(cut.First).Take(cut.Last - cut.First + 1).ToList()).Where(batch => batch.Count > 0)
                    .Append(entries).Concat(entries.Chunk(7).Select(chunk => chunk.ToList())).ToList();
                var random = new Random(seed);
                var order = batches.Concat(batches).Select(batch => UsageRig.Event("a", batch)).OrderBy(_ => random.Next()).ToList();
                var left = new Queue<int>(faults);
                rig.Store.Faults = _ => left.TryDequeue(out var fault) ? (fault % 5) switch { 0 => StateFault.Conflict, 1 => StateFault.Unavailable, 2 => StateFault.LostAnswer, _ => StateFault.None } : StateFault.None;

                var consumers = new[] { rig.Consumer(), rig.Consumer() };
                for (var i = 0; i < order.Count; i++)
                    await UsageRig.DeliverAsync(consumers[i % 2], order[i]);

                rig.Store.Faults = null;
                Assert.Equal(UsageRig.SumsOf(entries).OrderBy(one => one.Key.ToString()), (await rig.StoredAsync()).OrderBy(one => one.Key.ToString()));
                Assert.Equal(entries.Count, (await rig.Store.AppliedAsync("a")).Through());
            }, iter: 60);

    [Theory]
    [InlineData(StateFault.Unavailable)]
    [InlineData(StateFault.LostAnswer)]
    [InlineData(StateFault.Conflict)]
    public async Task HandleAsync_FaultAtEachCall_AppliesOnce(StateFault fault)
    {
        var entries = Enumerable.Range(1, 30).Select(i => UsageRig.Entry(i, i)).ToList();
        var expected = UsageRig.SumsOf(entries).OrderBy(one => one.Key.ToString()).ToList();
        for (var at = 0; ; at++)
        {
            var rig = new UsageRig();
            var call = 0;
            var hit = false;
            rig.Store.Faults = _ => call++ == at ? Hit() : StateFault.None;
            // Whoever takes the event over after a fault has none of the memory of who met it.
            var verdict = await rig.Consumer().HandleAsync(UsageRig.Event("a", entries), default);
            rig.Store.Faults = null;
            if (verdict == EventVerdict.Retry)
                await UsageRig.DeliverAsync(rig.Consumer(), UsageRig.Event("a", entries));
            await UsageRig.DeliverAsync(rig.Consumer(), UsageRig.Event("a", entries));

            Assert.Equal(expected, (await rig.StoredAsync()).OrderBy(one => one.Key.ToString()));
            Assert.Equal(["20261122", "20261123"], (await new RollupReader(rig.Store).ReadStaleAsync(default)).Marked.Order());
            if (!hit)
                break;

            StateFault Hit()
            {
                hit = true;
                return fault;
            }
        }
    }

    [Fact]
    public async Task TryApplyAsync_AnyFaults_EntriesAfterItMakeTheSums() =>
        await Gen.Select(Gen.Int[0, 60].List[1, 40], Gen.Int[0, 99].List[0, 40])
            .SampleAsync(async (kinds, faults) =>
            {
                var rig = new UsageRig();
                var entries = kinds.Select((kind, i) => UsageRig.Entry(i + 1, kind)).ToList();
                var lines = entries.GroupBy(entry => (Hour: RollupKeys.HourOf(entry.Time), Series: UsageSeries.Of(entry)))
                    .Select(group => (group.Key.Hour, group.Key.Series, group.Select(UsageSums.Of).Aggregate((one, other) => one + other))).ToList();
                var left = new Queue<int>(faults);
                rig.Store.Faults = _ => left.TryDequeue(out var fault) ? (fault % 5) switch { 0 => StateFault.Conflict, 1 => StateFault.Unavailable, 2 => StateFault.LostAnswer, _ => StateFault.None } : StateFault.None;

                while (true)
                {
                    try
                    {
                        if (!await rig.Consumer().TryApplyAsync(new SummedBatch("a", 1, entries.Count, lines), default))
                            await rig.Consumer().ApplyAsync(new UsageBatch("a", 1, entries.Count, entries), default);
                        break;
                    }
                    catch (IOException)
                    {
                        // As the publisher does: the same again.
                    }
                }

                rig.Store.Faults = null;
                Assert.Equal(UsageRig.SumsOf(entries).OrderBy(one => one.Key.ToString()), (await rig.StoredAsync()).OrderBy(one => one.Key.ToString()));
                Assert.Equal(entries.Count, (await rig.Store.AppliedAsync("a")).Through());
            }, iter: 200);

    [Fact]
    public async Task HandleAsync_TwoConsumersAtOnce_ApplyOnce()
    {
        var rig = new UsageRig();
        var entries = Enumerable.Range(1, 400).Select(i => UsageRig.Entry(i, i)).ToList();
        var events = Enumerable.Range(0, 40).Select(i => UsageRig.Event("a", entries.Skip(9 * i).Take(40))).ToList();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
        {
            var consumer = rig.Consumer();
            foreach (var happened in i % 2 == 0 ? events : Enumerable.Reverse(events))
                await UsageRig.DeliverAsync(consumer, happened);
        })));
        Assert.Equal(UsageRig.SumsOf(entries.Take((9 * 39) + 40)).OrderBy(one => one.Key.ToString()), (await rig.StoredAsync()).OrderBy(one => one.Key.ToString()));
    }

    [Fact]
    public async Task HandleAsync_MoreSeriesThanAPartHolds_OverflowIntoPartsAndApplyOnce()
    {
        var rig = new UsageRig();
        var entries = Enumerable.Range(1, 4_500).Select(i => UsageRig.Entry(i, 1) with { KeyId = $"key_{i % 2_200}", Time = UsageRig.Start }).ToList();
        var events = entries.Chunk(500).Select(chunk => UsageRig.Event("a", chunk)).ToList();
        var random = new Random(7);
        var call = 0;
        rig.Store.Faults = _ => ++call % 7 == 0 ? StateFault.LostAnswer : StateFault.None;
        foreach (var happened in events.Concat(events).OrderBy(_ => random.Next()))
            await UsageRig.DeliverAsync(rig.Consumer(), happened);
        rig.Store.Faults = null;
        Assert.Contains("rollup:hour:2026112222:a:1", rig.Store.Keys);
        Assert.Equal(UsageRig.SumsOf(entries).OrderBy(one => one.Key.ToString()), (await rig.StoredAsync()).OrderBy(one => one.Key.ToString()));
    }

    [Fact]
    public void Apply_LastPartIsFull_FoldsModelsAndLosesNothing()
    {
        var entries = Enumerable.Range(1, 5_000).Select(i => UsageRig.Entry(i, 1) with { TargetModel = $"m{i}" }).ToList();
        var part = new HourPart();
        var batch = new UsageBatch("a", 1, 5_000, entries);
        Assert.Empty(part.Apply(entries, batch, isLast: true));
        Assert.Empty(part.Apply(entries, batch, isLast: true));
        Assert.Equal(5_000, part.Lines.Sum(line => line.Sums.Requests));
        Assert.Equal(entries.Sum(entry => entry.CostNanoUsd), part.Lines.Sum(line => line.Sums.CostNanoUsd));
        Assert.Equal(HourPart.MaxSeries + 1, part.Lines.Count);
    }

    [Theory]
    [InlineData(UsageBatch.EventType, "{}")]
    [InlineData("gateway.other.v1", """{"replica":"a","first":1,"last":1,"entries":[]}""")]
    public async Task HandleAsync_WhatItCannotRead_IsPoison(string type, string json) =>
        Assert.Equal(EventVerdict.Poison, await new UsageRig().Consumer().HandleAsync(new BusEvent("x", type, System.Text.Encoding.UTF8.GetBytes(json)), default));
}
