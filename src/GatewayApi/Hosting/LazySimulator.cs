using GatewayApi.Simulator;

namespace GatewayApi.Hosting;

/// <summary>The simulator provider, started when a configuration first needs it.</summary>
internal sealed class LazySimulator(GatewayStartup startup) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private SimulatorServer? _server;

    /// <summary>Where it answers; starts it. Called while configuration is compiled, at the start or on a reload, never on a request's path.</summary>
    public Uri BaseUri
    {
        get
        {
            lock (_lock)
                return (_server ??= SimulatorServer.StartAsync(startup.Simulator, startup.Time).GetAwaiter().GetResult()).BaseUri;
        }
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
