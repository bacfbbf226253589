namespace GatewayApi.Simulator;

/// <summary>Remembers requests, so that <c>fault-500-once</c> fails each only the first time.</summary>
internal sealed class SeenRequests
{
    // Beyond this everything is forgotten: memory stays bounded, and a forgotten request fails once more.
    private const int Most = 10_000;

    private readonly Lock _lock = new();
    private readonly HashSet<ulong> _seen = [];

    /// <summary>Whether this key comes for the first time.</summary>
    public bool IsFirst(ulong key)
    {
        lock (_lock)
        {
            if (_seen.Count >= Most)
                _seen.Clear();
            return _seen.Add(key);
        }
    }
}
