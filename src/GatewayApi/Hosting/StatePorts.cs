using Gateway.Configuration;
using Gateway.Events;
using Gateway.Events.Dapr;
using Gateway.Events.Embedded;
using Gateway.Secrets;
using Gateway.Secrets.Dapr;
using Gateway.Secrets.Embedded;
using Gateway.State;
using Gateway.State.Dapr;

namespace GatewayApi.Hosting;

/// <summary>State, events and secrets as the configuration wants them: embedded, or through a Dapr sidecar.</summary>
internal sealed partial class StatePorts : IAsyncDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan BetweenReadings = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly DaprConnection? _sidecar;

    /// <summary>Makes the ports; nothing is called yet.</summary>
    /// <exception cref="StartException">The sidecar's address is none.</exception>
    public StatePorts(GatewayStartup startup, GatewayConfig config, DataStores data, ILoggerFactory loggers)
    {
        (_time, _logger) = (startup.Time, loggers.CreateLogger<StatePorts>());
        if (config.State.IsDapr || config.Events.IsDapr || config.Secrets.IsDapr)
            _sidecar = OpenSidecar(startup.Environment);
        State = config.State.IsDapr
            ? new DaprStateStore(_sidecar!.Client, new DaprStateOptions { Component = config.State.Component, Timeout = config.State.Timeout }, startup.Time)
            : data.State;
        Events = config.Events.IsDapr
            ? new DaprEventBus(_sidecar!.Invoker, new DaprBusOptions { Component = config.Events.Component, ApiToken = _sidecar.ApiToken }, startup.Time)
            : new InProcessEventBus(startup.Time, loggers.CreateLogger<InProcessEventBus>());
        Vault = config.Secrets.IsDapr
            ? new DaprSecretVault(_sidecar!.Client, config.Secrets.Store, TimeSpan.FromSeconds(5), startup.Time)
            : new FileSecretVault(config.Secrets.File is { } file ? Path.GetFullPath(file, config.BaseDirectory) : Path.Combine(data.Directory, "secrets.json"));
        Secrets = new VaultCache(Vault, config.Secrets.Refresh, startup.Time, loggers.CreateLogger<VaultCache>());
    }

    /// <summary>Shared state.</summary>
    public IStateStore State { get; }

    /// <summary>The event bus.</summary>
    public IEventBus Events { get; }

    /// <summary>The vault.</summary>
    public ISecretVault Vault { get; }

    /// <summary>The vault's secrets that the configuration names.</summary>
    public VaultCache Secrets { get; }

    /// <summary>False while the state store does not answer. The embedded one always does.</summary>
    public bool IsStateAvailable => State is not DaprStateStore dapr || dapr.IsAvailable;

    /// <summary>Calls of the state store that failed so far.</summary>
    public long StateFailures => State is DaprStateStore dapr ? dapr.Failures : 0;

    /// <summary>
    /// Waits until the sidecar can be called. Its outbound health is asked, which does not depend on this process: the sidecar itself waits for the gateway to
    /// listen, so that waiting for all of its health here would never end. After a while the gateway starts without it and says so.
    /// </summary>
    public async Task WaitForSidecarAsync(CancellationToken cancellation = default)
    {
        if (_sidecar is null)
            return;
        var began = _time.GetTimestamp();
        while (!await IsHealthyAsync(cancellation))
        {
            if (_time.GetElapsedTime(began) >= LongestWait)
            {
                LogNoSidecar(_sidecar.HttpAddress, LongestWait.TotalSeconds);
                return;
            }

            await Task.Delay(BetweenLooks, _time, cancellation);
        }
    }

    /// <summary>Fetches secrets for the first time. A sidecar that does not answer is asked again for a while: nothing can be served without them.</summary>
    public async Task FetchSecretsAsync(IReadOnlyList<string> names)
    {
        var began = _time.GetTimestamp();
        await Secrets.PrepareAsync(names);
        while (Vault is DaprSecretVault && Secrets.IsAway(names) && _time.GetElapsedTime(began) < LongestWait)
        {
            await Task.Delay(BetweenReadings, _time);
            await Secrets.PrepareAsync(names);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Secrets.DisposeAsync();
        if (Events is IAsyncDisposable events)
            await events.DisposeAsync();
        _sidecar?.Dispose();
    }

    private static DaprConnection OpenSidecar(IReadOnlyDictionary<string, string> environment)
    {
        try
        {
            return DaprConnection.Open(environment);
        }
        catch (FormatException e)
        {
            throw new StartException(e.Message, e);
        }
    }

    private async Task<bool> IsHealthyAsync(CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2), _time);
        using var left = cancellation.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), limit);
        try
        {
            return await _sidecar!.Client.CheckOutboundHealthAsync(limit.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException)
        {
            cancellation.ThrowIfCancellationRequested();
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The Dapr sidecar at {Address} was not ready within {Seconds} s. The gateway starts without it; what needs it fails or waits by policy until it is there.")]
    private partial void LogNoSidecar(string address, double seconds);
}
