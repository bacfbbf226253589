namespace TestSidecar.Messages;

/// <summary>The applications of a consumer group, taken in turn.</summary>
internal sealed class AppGroup(string name, Uri first)
{
    private readonly Lock _lock = new();
    private readonly List<Uri> _addresses = [first];
    private int _turn;

    /// <summary>The group's name.</summary>
    public string Name => name;

    /// <summary>The next one; null when there is none.</summary>
    public Uri? Next()
    {
        lock (_lock)
            return _addresses.Count == 0 ? null : _addresses[_turn++ % _addresses.Count];
    }

    public void Add(Uri address)
    {
        lock (_lock)
            _addresses.Add(address);
    }

    public void Remove(Uri address)
    {
        lock (_lock)
            _addresses.Remove(address);
    }
}
