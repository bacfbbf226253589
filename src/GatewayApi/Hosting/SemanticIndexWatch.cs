using Gateway.Caching.Semantic;

namespace GatewayApi.Hosting;

/// <summary>Knows whether the shared semantic index answers: it is asked at intervals, so that whoever wants to know need not wait for it.</summary>
internal sealed partial class SemanticIndexWatch(ISemanticIndex index, TimeProvider time, ILogger<SemanticIndexWatch> logger) : BackgroundService
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(15);

    private volatile string _state = "unknown";

    /// <summary><c>unknown</c> until it was asked for the first time, then <c>available</c> or <c>unavailable</c>.</summary>
    public string State => _state;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(BetweenLooks, time);
        do
        {
            await LookAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        try
        {
            await index.ProbeAsync(cancellation);
            _state = "available";
        }
        catch (IOException e)
        {
            if (_state != "unavailable")
                LogAway(e.Message);
            _state = "unavailable";
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The semantic index does not answer: {Reason} Requests are served without it.")]
    private partial void LogAway(string reason);
}
