namespace Gateway.Configuration;

/// <summary>The one place that says which snapshot is current. Reading is a volatile load; swapping replaces the whole.</summary>
internal sealed class SnapshotHolder(GatewaySnapshot initial)
{
    private volatile GatewaySnapshot _current = initial;

    /// <summary>Raised after a swap, on the swapping thread.</summary>
    public event Action<GatewaySnapshot>? Swapped;

    /// <summary>The current snapshot. Read it once per request and keep it.</summary>
    public GatewaySnapshot Current => _current;

    /// <summary>Replaces the current snapshot.</summary>
    public void Swap(GatewaySnapshot next)
    {
        _current = next;
        Swapped?.Invoke(next);
    }
}
