using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Routing;
using Gateway.Routing.Attempts;

namespace Gateway.Metering;

/// <summary>
/// Settles the attempts of a request. Those that the client got something of, or left while they answered, are billed, each by what its
/// provider said (otherwise a count of the gateway's own) at its own target's price. One that failed before any content is not billed.
/// One that had begun to answer and was given up is counted too, but the operator pays for it.
/// </summary>
/// <param name="estimator">Counts what providers don't.</param>
internal sealed class AttemptMeter(TokenEstimator estimator)
{
    private const int MaxTextChars = 256;

    /// <summary>What a request's attempts used.</summary>
    /// <exception cref="OverflowException">More than nano-dollars can say.</exception>
    public AttemptTotals Sum(GatewayContext context)
    {
        var attempts = context.Attempts;
        if (attempts.Count == 0)
            return new AttemptTotals();
        // One that answered leaves nothing to tell that the entry does not: most entries are no longer for this.
        var list = attempts.Count == 1 && attempts[0].Error is null ? null : new AttemptEntry[attempts.Count];
        var usage = default(TokenUsage);
        var (estimated, cost, wasted, version) = (false, 0L, 0L, "");
        Attempt? answered = null;
        for (var i = 0; i < attempts.Count; i++)
        {
            var attempt = attempts[i];
            var charge = Charge(context, attempt, usage.Output);
            if (list is not null)
                list[i] = Entry(context, attempt, charge);
            if (!charge.IsDelivered)
            {
                wasted = checked(wasted + charge.CostNanoUsd);
                continue;
            }

            usage += charge.Usage;
            estimated |= charge.Estimated;
            cost = checked(cost + charge.CostNanoUsd);
            (version, answered) = (charge.PriceVersion, attempt);
        }

        return new AttemptTotals
        {
            Usage = usage,
            Estimated = estimated,
            CostNanoUsd = cost,
            PriceVersion = version,
            WastedNanoUsd = wasted,
            Answered = answered ?? context.Attempt,
            List = list is null ? null : new AttemptList(list),
        };
    }

    private AttemptCharge Charge(GatewayContext context, Attempt attempt, long delivered)
    {
        var isDelivered = IsDelivered(context, attempt);
        if (!isDelivered && !HasBegun(context, attempt))
            return AttemptCharge.None;
        var usage = UsageOf(context, attempt, delivered, out var estimated);
        var (cost, version) = Price(attempt, usage);
        return new AttemptCharge(usage, estimated, cost, version, isDelivered);
    }

    private static bool IsDelivered(GatewayContext context, Attempt attempt)
    {
        if (context.Outcome == LedgerOutcome.Failed && context.FirstContentAt == 0)
            return false;
        if (attempt.FirstContentAt != 0)
            return true;
        // Who leaves while a provider is at work has had the prompt read; who leaves in a pause after a failure has not.
        return ReferenceEquals(attempt, context.Attempt)
            && (attempt.Outcome != LedgerOutcome.Failed || (context.Outcome == LedgerOutcome.Aborted && attempt.Error is null));
    }

    private static bool HasBegun(GatewayContext context, Attempt attempt) =>
        !ReferenceEquals(attempt, context.Attempt)
        && (attempt.Tap is { SeenTextBytes: > 0 } || (attempt.Error is null && (attempt.Answer is not null || attempt.Reply.Id is not null || attempt.Reply.Usage is not null)));

    private TokenUsage UsageOf(GatewayContext context, Attempt attempt, long delivered, out bool estimated)
    {
        estimated = false;
        var (reply, target) = (attempt.Reply, attempt.Target);
        if (reply.SearchUnits is { } searches && target.Card?.Units?.Search is not null)
            return (reply.Usage ?? default) with { SearchUnits = searches };
        if (reply.Usage is { } said)
        {
            var usage = target.Provider.ReasoningInOutput ? said : said with { Output = said.Output + said.Reasoning };
            // Some say at the beginning what the prompt was, and keep counting: what they said of an answer that broke off is not its end.
            if (attempt.Outcome == LedgerOutcome.Completed || reply.FinishReason is not null || attempt.Tap is null)
                return usage;
            var seen = SeenOutput(context, attempt);
            estimated = seen > usage.Output;
            return estimated ? usage with { Output = seen } : usage;
        }

        if (context.Operation.IsMedia())
        {
            estimated = true;
            return MediaEstimate.Of(context, estimator);
        }

        if (context.Body is not { } body)
            return default; // a socket that was never opened
        estimated = true;
        var input = estimator.EstimateInput(body.WrittenSpan);
        if (attempt.Reason == AttemptReason.Resume)
            input += delivered; // it was told what the client already has
        return new TokenUsage(input, SeenOutput(context, attempt));
    }

    private long SeenOutput(GatewayContext context, Attempt attempt)
    {
        if ((attempt.Answer ?? (ReferenceEquals(attempt, context.Attempt) ? context.Answer : null)) is { } answer)
            return OutputCounter.CountReply(estimator, answer.WrittenSpan);
        return attempt.Tap is { } tap ? OutputCounter.CountEscaped(estimator, tap.SeenText, tap.SeenTextBytes) : 0;
    }

    /// <summary>What a usage costs in nano-dollars, and by which price. Searches that are billed are all that is: their tokens are not.</summary>
    private static (long Cost, string Version) Price(Attempt attempt, TokenUsage usage) =>
        usage.SearchUnits > 0 && attempt.Target.Card?.Units is { Search: { } search } units ? (CostCalculator.OfSearches(search, usage.SearchUnits), units.Version)
        : usage != default && attempt.Target.Price is { } price ? (CostCalculator.Cost(price, usage), price.Version)
        : (0, "");

    private static AttemptEntry Entry(GatewayContext context, Attempt attempt, in AttemptCharge charge)
    {
        var report = new AttemptReport(context, attempt);
        return new AttemptEntry
        {
            Provider = attempt.Target.Provider.Id,
            Model = Cut(attempt.Target.Model),
            Key = attempt.Key?.Id,
            Reason = DecisionWords.Of(attempt.Reason),
            Outcome = DecisionWords.Of(report.Outcome),
            Status = report.Status,
            ErrorCode = report.ErrorCode is { } code ? Cut(code) : null,
            StartMicros = (long)report.Start.TotalMicroseconds,
            DurationMicros = (long)report.Duration.TotalMicroseconds,
            TimeToFirstTokenMicros = (long?)report.FirstToken?.TotalMicroseconds,
            PauseMicros = (long)attempt.Pause.TotalMicroseconds,
            Usage = charge.Usage,
            Estimated = charge.Estimated,
            CostNanoUsd = charge.IsDelivered ? charge.CostNanoUsd : 0,
            WastedNanoUsd = charge.IsDelivered ? 0 : charge.CostNanoUsd,
            PriceVersion = charge.PriceVersion.Length == 0 ? null : charge.PriceVersion,
        };
    }

    // A model's name may be a client's, an error's code a provider's.
    private static string Cut(string text) => text.Length <= MaxTextChars ? text : text[..MaxTextChars];
}
