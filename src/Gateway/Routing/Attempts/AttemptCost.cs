using Gateway.Errors;
using Gateway.Pipeline;
using Gateway.Routing.Strategies;

namespace Gateway.Routing.Attempts;

/// <summary>
/// What the attempts of a request may have cost together. Failed attempts are not billed to the caller, but providers bill what they
/// have taken on: an answer that broke off, came too late or could not be read.
/// </summary>
internal static class AttemptCost
{
    /// <summary>Whether the attempts so far may have cost as much as the route lets them.</summary>
    /// <param name="context">The request.</param>
    /// <param name="question">How much it is.</param>
    public static bool IsSpent(GatewayContext context, in RouteQuestion question)
    {
        if (context.Route!.Attempts.MaxCostNanoUsd is not { } most || context.Attempts.Count == 0)
            return false;
        Int128 sum = 0;
        foreach (var attempt in context.Attempts)
        {
            if (MayBeBilled(attempt))
                sum += WorstOf(context, attempt, question);
        }

        return sum >= most;
    }

    /// <summary>Whether the provider may bill an attempt: it took the request on, or said nothing for so long that nobody knows.</summary>
    private static bool MayBeBilled(Attempt attempt) =>
        attempt.IsAccepted
        || (attempt.Error is { UpstreamStatus: null } error && (error.Kind == ErrorKinds.FirstTokenTimeout || error.Kind == ErrorKinds.UpstreamTimeout));

    private static long WorstOf(GatewayContext context, Attempt attempt, in RouteQuestion question)
    {
        if (attempt.Target.PriceBound is not { } price)
            return 0;
        if (attempt.Reply.Usage is { } usage)
            return price.Cost(usage.Input, usage.Output);
        var each = question.OutputTokens > 0 ? question.OutputTokens : attempt.Target.Card?.MaxOutput ?? context.Snapshot.Limits.AssumedMaxOutputTokens;
        return price.Cost(question.InputTokens, each * context.Request.Generations);
    }
}
