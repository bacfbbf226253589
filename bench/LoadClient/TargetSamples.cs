namespace LoadClient;

/// <summary>One worker's connection to one target, and what it gave.</summary>
internal sealed class TargetSamples(Uri url)
{
    public Connection Connection { get; } = new(url);

    public List<Exchange> Exchanges { get; } = [];
}
