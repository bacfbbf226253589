using System.Globalization;
using System.Text.Json;

namespace Chaos.Judging;

/// <summary>A limit's value in the state store, read by the design note and not by the gateway's own code.</summary>
internal sealed record StoredLimit(IReadOnlyList<StoredSlot> Slots)
{
    /// <summary>What all replicas hold.</summary>
    public long Held => Slots.Sum(slot => slot.Held);

    /// <summary>Reads one; null for what is not there.</summary>
    public static StoredLimit? Read(byte[]? json)
    {
        if (json is null)
            return null;
        using var document = JsonDocument.Parse(json);
        if (!document.RootElement.TryGetProperty("replicas", out var replicas))
            return null;
        return new StoredLimit([.. replicas.EnumerateObject().Select(slot => new StoredSlot(
            slot.Name,
            Buckets(slot.Value.GetProperty("used")),
            slot.Value.GetProperty("held").GetInt64())
        {
            Corrected = slot.Value.TryGetProperty("corrected", out var corrected) ? Buckets(corrected) : [],
        })]);
    }

    private static Dictionary<long, long> Buckets(JsonElement json) =>
        json.EnumerateObject().ToDictionary(u => long.Parse(u.Name, CultureInfo.InvariantCulture), u => u.Value.GetInt64());

    /// <summary>What all replicas have used and counts at a time.</summary>
    public long Used(TestedLimit limit, DateTimeOffset now) =>
        Slots.Sum(slot => slot.Used.Concat(slot.Corrected).Where(used => !limit.Rolling || Leaves(limit, used.Key) > now).Sum(used => used.Value));

    /// <summary>When a rolling window's bucket no longer counts.</summary>
    public static DateTimeOffset Leaves(TestedLimit limit, long bucket) => DateTimeOffset.UnixEpoch + (limit.Bucket * (bucket + 1)) + limit.Window;
}

/// <summary>One replica's part.</summary>
/// <param name="Replica">Its id.</param>
/// <param name="Used">What it used, by bucket.</param>
/// <param name="Held">What it may use without asking.</param>
internal sealed record StoredSlot(string Replica, IReadOnlyDictionary<long, long> Used, long Held)
{
    /// <summary>What reconciliation has corrected, by bucket.</summary>
    public IReadOnlyDictionary<long, long> Corrected { get; init; } = new Dictionary<long, long>();

    /// <summary>Whether it has corrected anything.</summary>
    public bool IsCorrected => Corrected.Values.Any(by => by != 0);
}
