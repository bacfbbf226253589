using Gateway.Configuration;

namespace GatewayApi.Hosting;

/// <summary>Whether requests should be sent to this process.</summary>
internal sealed class Readiness(SnapshotHolder snapshots)
{
    private volatile bool _draining;

    /// <summary>True until the process is asked to stop.</summary>
    public bool IsReady => !_draining;

    /// <summary>The epoch of the configuration that serves.</summary>
    public long Epoch => snapshots.Current.Epoch;

    /// <summary>What was wrong with a configuration that was refused since; null when the last one was taken.</summary>
    public IReadOnlyList<string>? RefusedConfiguration { get; set; }

    /// <summary>From now on not ready.</summary>
    public void Drain() => _draining = true;
}
