using System.Globalization;
using Gateway.State;

namespace Gateway.Budgets;

/// <summary>
/// The time over which one value in the state store counts. A calendar window's is from its start to its end. Rolling windows and what is only held have one
/// that never ends; within it a rolling window counts by buckets.
/// </summary>
/// <param name="Key">The value's key.</param>
/// <param name="Start">Included.</param>
/// <param name="End">Excluded.</param>
internal sealed record LimitPeriod(string Key, DateTimeOffset Start, DateTimeOffset End)
{
    private readonly long _rollingMs;
    private readonly long _bucketMs;

    /// <summary>How far back a rolling window reaches; zero for any other.</summary>
    public TimeSpan Rolling
    {
        get => TimeSpan.FromMilliseconds(_rollingMs);
        init
        {
            _rollingMs = (long)value.TotalMilliseconds;
            // Whole seconds, so that at most 61 buckets count at once.
            _bucketMs = Math.Max(1_000, (_rollingMs + 59_999) / 60_000 * 1_000);
        }
    }

    /// <summary>The size of a rolling window's buckets: a 60th of it, at least a second; zero for any other.</summary>
    public TimeSpan Bucket => TimeSpan.FromMilliseconds(_bucketMs);

    /// <summary>Whether it is a rolling window's.</summary>
    public bool IsRolling => _rollingMs > 0;

    /// <summary>Whether it ends, and another one begins then.</summary>
    public bool Ends => End < DateTimeOffset.MaxValue;

    /// <summary>The period that a time falls into.</summary>
    public static LimitPeriod At(LimitSpec limit, DateTimeOffset time)
    {
        var unit = limit.Unit.ToString();
        if (limit.Kind == LimitKind.Held)
            return Endless(StateKeys.Join("limit", limit.Id, unit, "held"));
        var window = limit.Window;
        var name = string.Create(CultureInfo.InvariantCulture, $"{unit}-{window.Count}{window.Unit}");
        if (window.Rolling)
            return Endless(StateKeys.Join("limit", limit.Id, name, "rolling")) with { Rolling = CalendarWindow.Length(window) };
        var (start, end) = CalendarWindow.At(window, time);
        return new(StateKeys.Join("limit", limit.Id, name, start.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)), start, end);
    }

    /// <summary>Whether a time falls into it.</summary>
    public bool Contains(DateTimeOffset time) => time >= Start && time < End;

    /// <summary>The number of the bucket that a time falls into: of its length since 1970 for rolling windows, 0 for any other.</summary>
    /// <param name="timeMs">Milliseconds since 1970.</param>
    public long BucketOf(long timeMs) => _bucketMs == 0 ? 0 : (timeMs - (((timeMs % _bucketMs) + _bucketMs) % _bucketMs)) / _bucketMs;

    /// <summary>Whether what was used in a bucket still counts: until all of the bucket lies outside the window.</summary>
    public bool Counts(long bucket, long nowMs) => _bucketMs == 0 || LeavesAt(bucket) > nowMs;

    /// <summary>When a rolling window's bucket stops counting, in milliseconds since 1970.</summary>
    public long LeavesAt(long bucket) => ((bucket + 1) * _bucketMs) + _rollingMs;

    private static LimitPeriod Endless(string key) => new(key, DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
}
