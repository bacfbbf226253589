using Gateway.Pipeline;
using Microsoft.Extensions.Logging;

namespace Gateway.Routing.Shadow;

/// <summary>Sends copies of requests, a few at once, through the same attempts as any request. What comes back is recorded and thrown away.</summary>
/// <param name="queue">The copies.</param>
/// <param name="budgets">What they may cost.</param>
/// <param name="pipeline">Recording and attempts.</param>
/// <param name="logger">Where failures are told.</param>
internal sealed partial class ShadowRunner(ShadowQueue queue, IShadowBudgets budgets, RequestPipeline pipeline, ILogger<ShadowRunner> logger)
{
    /// <summary>Copies under way at once.</summary>
    public const int MostAtOnce = 4;

    /// <summary>Sends until it is stopped; what is under way then is given up.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var workers = new Task[MostAtOnce];
        for (var i = 0; i < workers.Length; i++)
            workers[i] = WorkAsync(stopping);
        await Task.WhenAll(workers).ConfigureAwait(false);
        while (queue.Copies.TryRead(out var left))
            queue.Done(left, sent: false);
    }

    private async Task WorkAsync(CancellationToken stopping)
    {
        try
        {
            while (await queue.Copies.WaitToReadAsync(stopping).ConfigureAwait(false))
            {
                while (queue.Copies.TryRead(out var copy))
                    queue.Done(copy, await SendAsync(copy, stopping).ConfigureAwait(false));
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private async ValueTask<bool> SendAsync(ShadowCopy copy, CancellationToken stopping)
    {
        var context = copy.Context;
        try
        {
            copy.Client.Gone = stopping;
            context.Reservation = await budgets.ReserveAsync(context, copy.Plan.Budget, stopping).ConfigureAwait(false);
            if (context.Reservation is null)
                return false;
            await pipeline.RunAsync(context).ConfigureAwait(false);
            if (context.AfterDelivery is { } tidy)
                await tidy().ConfigureAwait(false);
            return true;
        }
#pragma warning disable CA1031 // a copy that fails is nobody's loss, and must not keep others from being sent
        catch (Exception e) when (e is not OperationCanceledException || !stopping.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Failed(e, context.RequestId);
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The copy {RequestId} of a request could not be sent")]
    private partial void Failed(Exception exception, string requestId);
}
