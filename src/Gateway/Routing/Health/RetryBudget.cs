namespace Gateway.Routing.Health;

/// <summary>How many calls of a target may be retries: a fifth of its calls lately, and a few in any case. More would make a storm of what is only a gust.</summary>
/// <param name="time">The clock.</param>
internal sealed class RetryBudget(TimeProvider time)
{
    /// <summary>Retries for each call.</summary>
    public const double Share = 0.2;

    /// <summary>Retries of <see cref="CallWindow.Span"/> that are allowed however few calls there are.</summary>
    public const int Floor = 10;

    private readonly CallWindow _retries = new(time);

    /// <summary>Takes one if there is one left.</summary>
    /// <param name="now">The time, as <see cref="TimeProvider.GetTimestamp"/>.</param>
    /// <param name="calls">Calls of the target lately.</param>
    public bool TryTake(long now, int calls)
    {
        if (_retries.Sum(now).Calls >= Floor + (int)(calls * Share))
            return false;
        _retries.Add(now, 1);
        return true;
    }

    /// <summary>Forgets those that were taken.</summary>
    public void Clear() => _retries.Clear();

    /// <summary>Retries lately.</summary>
    public int Taken(long now) => _retries.Sum(now).Calls;
}
