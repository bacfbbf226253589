using Gateway.Budgets;

namespace Gateway.Tests.Budgets;

/// <summary>A replica: what dies with it and what does not.</summary>
internal sealed class ModelReplica(LimitSpec limit, AllowanceBookOptions options, string life)
{
    private int _earlier;

    public string Id { get; } = options.Replica;

    public string Life { get; private set; } = life;

    public bool Alive { get; set; } = true;

    public LimitState State { get; private set; } = Make(limit, options);

    /// <summary>Requests in flight.</summary>
    public List<(Allowance Allowance, long Bucket, long Amount, DateTimeOffset Time)> Open { get; } = [];

    /// <summary>The change on its way to the store.</summary>
    public PendingWrite? Pending { get; set; }

    /// <summary>Survives.</summary>
    public List<(DateTimeOffset Time, long Amount)> Ledger { get; } = [];

    public void Start(LimitSpec limit, AllowanceBookOptions options, string life)
    {
        (Life, Alive, _earlier) = (life, true, Ledger.Count);
        State = Make(limit, options);
    }

    private static LimitState Make(LimitSpec limit, AllowanceBookOptions options) => new(limit, options, _ => throw new InvalidOperationException("The model keeps its state."));

    public Dictionary<long, long> EarlierLives(LimitPeriod period) => Sums(period, Ledger.Take(_earlier));

    public Dictionary<long, long> Sums(LimitPeriod period) => Sums(period, Ledger);

    private static Dictionary<long, long> Sums(LimitPeriod period, IEnumerable<(DateTimeOffset Time, long Amount)> entries) => entries
        .Where(entry => period.Contains(entry.Time))
        .GroupBy(entry => period.BucketOf(entry.Time.ToUnixTimeMilliseconds()))
        .ToDictionary(bucket => bucket.Key, bucket => bucket.Sum(entry => entry.Amount));
}
