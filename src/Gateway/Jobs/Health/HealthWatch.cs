using Gateway.Routing;
using Gateway.Routing.Health;
using Microsoft.Extensions.Logging;

namespace Gateway.Jobs.Health;

/// <summary>What every replica does for its targets beside requests: hears and tells of them once a second or two, and looks for outliers.</summary>
/// <param name="exchange">With other replicas.</param>
/// <param name="outliers">Among targets of the same group.</param>
/// <param name="routes">Every route there is, as configured now.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of what changes.</param>
internal sealed partial class HealthWatch(
    HealthExchange exchange, OutlierWatch outliers, Func<IReadOnlyList<RouteSnapshot>> routes, TimeProvider time, ILogger<HealthWatch> logger) : IAsyncDisposable
{
    /// <summary>Between two rounds; in every other one others are heard.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;
    private bool _isAway;
    private bool _hears;
    private int _disposed;

    /// <summary>Begins.</summary>
    public void Start() => _loop = LoopAsync(_stopping.Token);

    /// <summary>One round. A store that is away is asked again in the next one.</summary>
    public async ValueTask RoundAsync(CancellationToken cancellation)
    {
        foreach (var target in outliers.Look(routes()))
            LogOutlier(target.Address, OutlierWatch.Absence.TotalSeconds);
        try
        {
            await exchange.TellAsync(cancellation).ConfigureAwait(false);
            _hears = !_hears;
            if (_hears)
                await exchange.HearAsync(cancellation).ConfigureAwait(false);
            _isAway = false;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            if (!_isAway)
                LogAway(e.Message);
            _isAway = true;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task LoopAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await Task.Delay(Interval, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellation.IsCancellationRequested)
                return;
            try
            {
                await RoundAsync(cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Target {Target} does far worse than its siblings and is left out for {Seconds} s")]
    private partial void LogOutlier(string target, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What targets are down could not be exchanged with other replicas: {Reason}")]
    private partial void LogAway(string reason);
}
