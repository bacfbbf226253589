using Gateway.Admission.Directory;
using Gateway.Jobs.Usage;

namespace GatewayApi.Hosting;

/// <summary>Whether requests should be sent to this process.</summary>
internal sealed class Readiness(LiveConfiguration configuration, DirectoryService directory, StatePorts ports, UsagePublisher usage, SemanticIndexWatch? index = null)
{
    private volatile bool _draining;

    /// <summary>True until the process is asked to stop.</summary>
    public bool IsReady => !_draining;

    /// <summary>False while the state store does not answer. Requests go on by policy, so it does not make the process unready.</summary>
    public bool IsStateAvailable => ports.IsStateAvailable;

    /// <summary>How far usage is published. Entries wait in the ledger, so being behind does not make the process unready.</summary>
    public UsagePublisher Usage => usage;

    /// <summary>Whether the shared semantic index answers; null: there is none. It is a cache, so it does not make the process unready.</summary>
    public string? SemanticIndex => index?.State;

    /// <summary>The epoch of the configuration that serves.</summary>
    public long Epoch => configuration.Snapshots.Current.Epoch;

    /// <summary>What was wrong with the last change of the configuration; empty when it was taken up.</summary>
    public IEnumerable<string> RefusedConfiguration => configuration.LastReload?.Problems.Select(p => p.ToString()) ?? [];

    /// <summary>How far the directory can be trusted to be the newest.</summary>
    public DirectoryHealth Directory => directory.Health;

    /// <summary>What is wrong between the file and the directory's journal.</summary>
    public IReadOnlyList<string> DirectoryProblems => directory.Problems;

    /// <summary>From now on not ready.</summary>
    public void Drain() => _draining = true;
}
