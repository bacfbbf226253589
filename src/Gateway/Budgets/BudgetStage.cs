using Gateway.Errors;
using Gateway.Pipeline;
using Gateway.Protocol;

namespace Gateway.Budgets;

/// <summary>
/// Reserves what a request may need of its caller's limits. A worst case that does not fit is looked at again: first the text is counted, then, where the limit
/// says so, the reply is made shorter. Callers without limits pass at no cost.
/// </summary>
internal sealed class BudgetStage(AllowanceBook book, WorstCaseEstimator estimator, ILimitHeaders headers) : IStage
{
    /// <summary>How often a reply is made shorter when less is left each time.</summary>
    private const int MostClamps = 4;

    public ValueTask RunAsync(GatewayContext context, StageDelegate next)
    {
        if (context.Key!.Limits.Count == 0)
            return next(context);
        context.LimitHeaders = headers;
        var limits = Applicable(context);
        if (limits.Count == 0)
            return next(context);
        var bound = WorstCaseEstimator.BySize(context);
        var worst = WorstCaseEstimator.Of(context, bound);
        var first = book.ReserveAsync(limits, worst, context.Arrived, context.Client.Gone);
        // Nearly all fit at once: then the rest of the request need not go through here again.
        if (!first.IsCompletedSuccessfully)
            return ReserveAsync(context, next, limits, bound, worst, first);
        var result = first.Result;
        if (result.Failure != ReserveFailure.None)
            return ReserveAsync(context, next, limits, bound, worst, new(result));
        context.Reservation = result.Reservation;
        return next(context);
    }

    private async ValueTask ReserveAsync(GatewayContext context, StageDelegate next, IReadOnlyList<LimitSpec> limits, TokenBound bound, WorstCase worst, ValueTask<ReserveResult> first)
    {
        var result = await first.ConfigureAwait(false);
        if (DependsOnSize(result))
        {
            var counted = estimator.Counted(context, bound);
            if (counted.Input < bound.Input)
            {
                bound = counted;
                worst = WorstCaseEstimator.Of(context, bound);
                result = await book.ReserveAsync(limits, worst, context.Arrived, context.Client.Gone).ConfigureAwait(false);
            }
        }

        for (var i = 0; i < MostClamps && DependsOnSize(result) && Clamp(context, bound, result) is { } output; i++)
        {
            bound = bound with { OutputEach = output };
            context.ClampedOutput = output;
            worst = WorstCaseEstimator.Of(context, bound);
            result = await book.ReserveAsync(limits, worst, context.Arrived, context.Client.Gone).ConfigureAwait(false);
        }

        context.Reservation = result.Reservation;
        if (result.Failure == ReserveFailure.None)
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        context.ClampedOutput = null;
        context.Error = LimitRefusal.Error(result, worst);
    }

    /// <summary>The limits that a reply of any of the route's targets may count towards: usually all.</summary>
    private static IReadOnlyList<LimitSpec> Applicable(GatewayContext context)
    {
        var limits = context.Key!.Limits;
        for (var i = 0; i < limits.Count; i++)
        {
            if (!MayCount(limits[i], context))
                return [.. limits.Where(limit => MayCount(limit, context))];
        }

        return limits;
    }

    private static bool MayCount(LimitSpec limit, GatewayContext context)
    {
        if (limit.Models.Count == 0 && limit.Providers.Count == 0)
            return true;
        foreach (var target in context.Route!.Targets)
        {
            if (limit.Counts(context.Request.Model, target.Provider.Id, target.Model))
                return true;
        }

        return false;
    }

    private static bool DependsOnSize(in ReserveResult result) =>
        result.Failure is ReserveFailure.Exhausted or ReserveFailure.Contended && result.Limit!.Unit is LimitUnit.NanoUsd or LimitUnit.Tokens;

    /// <summary>The output tokens of each answer that what is left allows; null when the limit or the wire does not, and when it is no less than before.</summary>
    private static long? Clamp(GatewayContext context, TokenBound bound, in ReserveResult result)
    {
        if (result.Limit!.WhenExceeded != ExceededPolicy.Clamp || context.Request.OutputLimit.Kind == Dialects.OutputLimitKind.None
            || !(context.Operation.IsChat() || context.Operation == Operation.Completions))
            return null;
        var output = WorstCaseEstimator.Affordable(context, bound, result.Limit.Unit, result.Remaining);
        return output >= 1 && output < (bound.OutputEach ?? long.MaxValue) ? output : null;
    }
}
