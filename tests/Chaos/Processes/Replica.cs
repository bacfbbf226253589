namespace Chaos.Processes;

/// <summary>One gateway: its directory, its ports, and the process that runs now.</summary>
internal sealed class Replica(int number, string directory, Func<Replica, IReadOnlyDictionary<string, string>> variables) : IAsyncDisposable
{
    private const int Tries = 20;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile ChildProcess? _process;

    /// <summary>1, 2, 3….</summary>
    public int Number => number;

    /// <summary>Its port, the same in every life.</summary>
    public int Port { get; } = Ports.Free();

    /// <summary>Where it answers.</summary>
    public Uri Address => Ports.Address(Port);

    /// <summary>Where it keeps its data, in every life.</summary>
    public string Directory => directory;

    /// <summary>Whether it has been started and not killed since.</summary>
    public bool IsUp => _process is not null;

    /// <summary>How often it ended before it listened, and was started again.</summary>
    public int FailedStarts { get; private set; }

    /// <summary>What the process that runs said last.</summary>
    public string Output => _process?.Output ?? "";

    /// <summary>Starts it on its data directory, unless it runs.</summary>
    public async Task StartAsync()
    {
        await _gate.WaitAsync();
        try
        {
            for (var attempt = 1; _process is null; attempt++)
            {
                try
                {
                    _process = await ChildProcess.StartAsync(
                        Path.Combine(AppContext.BaseDirectory, "ReplicaHost.dll"), ["--config", Path.Combine(directory, "gateway.json")], directory, variables(this), "AI gateway listening on");
                }
                catch (InvalidOperationException) when (attempt < Tries)
                {
                    // As a supervisor does: a call of the sidecar that it cannot start without may just have failed.
                    FailedStarts++;
                    await Task.Delay(200);
                }
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Kills it with SIGKILL.</summary>
    public async Task KillAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (_process is { } process)
                await process.DisposeAsync();
            _process = null;
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _gate.Dispose();
    }
}
