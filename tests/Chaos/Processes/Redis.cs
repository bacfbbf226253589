namespace Chaos.Processes;

/// <summary>A Redis of the run's own, in memory only.</summary>
internal sealed class Redis : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private Redis(ChildProcess process, int port) => (_process, Port) = (process, port);

    /// <summary>Its port.</summary>
    public int Port { get; }

    /// <summary>Starts one; <c>redis-server</c> must be on PATH.</summary>
    public static async Task<Redis> StartAsync(string directory)
    {
        var port = Ports.Free();
        var process = await ChildProcess.StartAsync(
            "redis-server", ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"], directory, [], "eady to accept connections");
        return new Redis(process, port);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
