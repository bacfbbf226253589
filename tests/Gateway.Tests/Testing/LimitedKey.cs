using Gateway.Admission;
using Gateway.Budgets;

namespace Gateway.Tests.Testing;

/// <summary>Gives a gateway's test key limits, as the directory would.</summary>
internal static class LimitedKey
{
    /// <summary>A budget of the key for a month, in nano-dollars unless said otherwise.</summary>
    public static LimitSpec Budget(long amount, LimitUnit unit = LimitUnit.NanoUsd, ExceededPolicy whenExceeded = ExceededPolicy.Refuse) => new()
    {
        Id = $"key:test:budget-{unit}",
        Name = "monthly",
        Scope = LimitScope.Key,
        OwnerId = "test",
        Kind = LimitKind.Budget,
        Unit = unit,
        Amount = amount,
        WhenExceeded = whenExceeded,
    };

    /// <summary>A rate limit of the key for an hour.</summary>
    public static LimitSpec Rate(long amount, LimitUnit unit = LimitUnit.Requests) =>
        Budget(amount, unit) with { Id = $"key:test:rate-{unit}", Name = "hourly", Kind = LimitKind.Rate, Window = new WindowSpec(WindowUnit.Hour, 1) };

    /// <summary>A limit of what runs at once.</summary>
    public static LimitSpec Held(long amount, LimitUnit unit = LimitUnit.Requests) =>
        Budget(amount, unit) with { Id = $"key:test:held-{unit}", Name = "parallel", Kind = LimitKind.Held };

    /// <summary>Puts the limits onto the test key.</summary>
    public static void SetLimits(this GatewayHost gateway, params LimitSpec[] limits)
    {
        var hasher = gateway.Get<KeyHasher>();
        gateway.Get<KeyRingHolder>().Current = new KeyRing(
            hasher, [new VirtualKey { Id = "test", Name = "test", Hash = hasher.Hash(GatewayHost.Key), Models = ["*"], Limits = limits }]);
    }

    /// <summary>How much of a limit can be reserved.</summary>
    public static long Remaining(this GatewayHost gateway, LimitSpec limit) => gateway.Get<AllowanceBook>().View(limit)?.Remaining ?? limit.Amount;
}
