using Gateway.Errors;
using Gateway.Pipeline;

namespace Gateway.Admission;

/// <summary>
/// Lets as many requests run at once as the gateway is set to; more wait for a moment, each tenant in a line of its own, and are then shed. Runs right after
/// admission, which tells tenants apart, and before anything is taken in.
/// </summary>
internal sealed class FairQueueStage(FairQueue queue) : IClosingStage
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    public ValueTask RunAsync(GatewayContext context, StageDelegate next) =>
        queue.TryEnter(context.Snapshot.Limits.MaxConcurrentRequests) ? GoOnAsync(context, next) : StandInLineAsync(context, next);

    public void Close(GatewayContext context) => queue.Leave();

    private ValueTask GoOnAsync(GatewayContext context, StageDelegate next)
    {
        context.CloseWith(this);
        return next(context);
    }

    private async ValueTask StandInLineAsync(GatewayContext context, StageDelegate next)
    {
        if (await WaitAsync(context).ConfigureAwait(false))
            await GoOnAsync(context, next).ConfigureAwait(false);
        else
            context.Error = new GatewayError(ErrorKinds.Overloaded, "The gateway is at its limit: too many requests are being served.") { RetryAfter = RetryAfter };
    }

    private async ValueTask<bool> WaitAsync(GatewayContext context)
    {
        var limits = context.Snapshot.Limits;
        if (queue.Enqueue(context.Key!.Tenant, context.Key.Weight, limits.MaxQueuedRequests) is not { } waiter)
            return false;
        try
        {
            return await waiter.Turn.WaitAsync(limits.MaxQueueWait, context.Time, context.Client.Gone).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            return !queue.GiveUp(waiter) && await waiter.Turn.ConfigureAwait(false); // its turn may just have come
        }
    }
}
