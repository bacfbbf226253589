using Gateway.Budgets;
using Gateway.Metering;

namespace Gateway.Tests.Budgets;

/// <summary>Limits, and ledger entries that count towards them.</summary>
internal static class Limits
{
    public static readonly WindowSpec Minute = new(WindowUnit.Minute, 1);

    public static LimitSpec Budget(long amount, string name = "money", WindowSpec? window = null) => new()
    {
        Id = $"team:t1:{name}",
        Name = name,
        Scope = LimitScope.Team,
        OwnerId = "t1",
        Kind = LimitKind.Budget,
        Unit = LimitUnit.NanoUsd,
        Amount = amount,
        Window = window ?? WindowSpec.Month,
    };

    public static LimitSpec Rate(long amount, WindowSpec? window = null) => Budget(amount, "rate") with
    {
        Kind = LimitKind.Rate,
        Unit = LimitUnit.Tokens,
        Window = window ?? Minute,
        WhenUnavailable = UnavailablePolicy.Allow,
    };

    public static LimitSpec Held(long amount) => Budget(amount, "parallel") with
    {
        Kind = LimitKind.Held,
        Unit = LimitUnit.Requests,
        WhenUnavailable = UnavailablePolicy.Allow,
    };

    /// <summary>What a request needs at most: as many nano-dollars as tokens.</summary>
    public static WorstCase Worst(long amount) => new(amount, amount, 0);

    /// <summary>A reply that used as many nano-dollars as tokens.</summary>
    public static LedgerEntry Entry(DateTimeOffset time, long amount) => new()
    {
        Time = time,
        RequestId = "r",
        KeyId = "k",
        Operation = "chat",
        RequestedModel = "m",
        TargetModel = "m",
        Provider = "p",
        Usage = new(amount, 0),
        CostNanoUsd = amount,
        Attempts = 1,
    };
}
