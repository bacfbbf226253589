using Gateway.Events;
using Gateway.Jobs.Usage;
using Gateway.Metering;
using Gateway.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Jobs;

/// <summary>A consumer of usage over a store with scripted faults, and ledger entries for it.</summary>
internal sealed class UsageRig
{
    public static readonly DateTimeOffset Start = new(2026, 11, 22, 22, 0, 0, TimeSpan.Zero);

    public UsageRig() => Store = new(Time);

    public FakeTimeProvider Time { get; } = new(Start.AddHours(6));

    public MemoryStateStore Store { get; }

    public UsageConsumer Consumer() => new(Store, NullLogger<UsageConsumer>.Instance);

    /// <summary>An entry like many others: few customers, models and hours.</summary>
    public static LedgerEntry Entry(long sequence, int kind, string replica = "a") => new()
    {
        Replica = replica,
        Sequence = sequence,
        Time = Start.AddMinutes(17 * (kind % 16)),
        RequestId = $"req_{replica}_{sequence}",
        KeyId = $"key_{kind % 3}",
        CustomerId = kind % 4 == 0 ? null : $"c{kind % 2}",
        TeamId = kind % 5 == 0 ? null : "t1",
        Operation = "chat",
        RequestedModel = $"openai/m{kind % 3}",
        TargetModel = $"m{kind % 3}",
        Provider = kind % 7 == 0 ? "" : "openai",
        Usage = new TokenUsage(kind, 2 * kind, kind / 2),
        CostNanoUsd = kind % 7 == 0 ? 0 : 10 + kind,
        Outcome = (LedgerOutcome)(kind % 4),
        Estimated = kind % 6 == 0,
        Status = 200,
        Attempts = kind % 7 == 0 ? 0 : 1,
    };

    public static BusEvent Event(string replica, IEnumerable<LedgerEntry> entries)
    {
        var (json, batch) = UsageJson.Write(replica, [.. entries]);
        return new BusEvent(batch.Id, UsageBatch.EventType, json);
    }

    /// <summary>The sums that the entries must have.</summary>
    public static Dictionary<UsageSeries, UsageSums> SumsOf(IEnumerable<LedgerEntry> entries) =>
        entries.GroupBy(UsageSeries.Of).ToDictionary(group => group.Key, group => group.Select(UsageSums.Of).Aggregate((one, other) => one + other));

    /// <summary>The sums in the store, of all hours.</summary>
    public async Task<Dictionary<UsageSeries, UsageSums>> StoredAsync()
    {
        var sums = new Dictionary<UsageSeries, UsageSums>();
        await new RollupReader(Store).VisitHoursAsync(Start.AddHours(-2), Start.AddHours(12), null, (_, line) => RollupReader.Add(sums, line), default);
        return sums;
    }

    /// <summary>Delivers until the consumer is done with it.</summary>
    public static async Task DeliverAsync(UsageConsumer consumer, BusEvent happened, int tries = 1_000)
    {
        for (var i = 0; i < tries; i++)
        {
            if (await consumer.HandleAsync(happened, default) == EventVerdict.Done)
                return;
        }

        Assert.Fail($"{happened.Id} was never done.");
    }
}
