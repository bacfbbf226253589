using Gateway.Errors;
using Gateway.Pipeline;
using Gateway.Protocol;

namespace Gateway.Budgets;

/// <summary>
/// Reserves for requests about files and batches. They use no tokens of their own, so only limits of requests and of what runs at once count them. What a batch
/// will use nobody knows before it is done: a caller whose tokens or money are limited cannot make one.
/// </summary>
internal sealed class StoredBudgetStage(AllowanceBook book, ILimitHeaders headers) : IStage
{
    public ValueTask RunAsync(GatewayContext context, StageDelegate next) =>
        context.Key!.Limits.Count == 0 ? next(context) : ReserveAsync(context, next);

    private async ValueTask ReserveAsync(GatewayContext context, StageDelegate next)
    {
        context.LimitHeaders = headers;
        if (context.Operation == Operation.Batches && context.Stored!.Action == StoredAction.Create
            && context.Key!.Limits.FirstOrDefault(limit => limit.Unit is LimitUnit.NanoUsd or LimitUnit.Tokens) is { } budget)
        {
            context.Error = new GatewayError(
                ErrorKinds.UnsupportedOperation,
                $"Batches cannot be made with this key: what one will use is not known before it is done, so the limit '{budget.Name}' could not be kept.");
            return;
        }

        IReadOnlyList<LimitSpec> limits = [.. context.Key!.Limits.Where(Counts)];
        var worst = new WorstCase(0, 0, Math.Min(context.Client.BodyLength ?? context.Snapshot.Limits.MaxRequestBytes, context.Snapshot.Limits.MaxRequestBytes));
        var result = await book.ReserveAsync(limits, worst, context.Arrived, context.Client.Gone).ConfigureAwait(false);
        context.Reservation = result.Reservation;
        if (result.Failure != ReserveFailure.None)
            context.Error = LimitRefusal.Error(result, worst);
        else
            await next(context).ConfigureAwait(false);
    }

    private static bool Counts(LimitSpec limit) => limit.Unit is LimitUnit.Requests or LimitUnit.Bytes && limit.Models.Count == 0;
}
