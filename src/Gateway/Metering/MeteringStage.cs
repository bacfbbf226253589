using Gateway.Dialects;
using Gateway.Errors;
using Gateway.Pipeline;
using Gateway.Protocol;
using Microsoft.Extensions.Logging;

namespace Gateway.Metering;

/// <summary>
/// Settles every admitted request, whatever became of it: usage, cost and one ledger entry, written before the reply's last byte.
/// What can't be recorded is not delivered as a success.
/// </summary>
internal sealed partial class MeteringStage(ILedger ledger, TokenEstimator estimator, IReplyObserver observer, ILogger<MeteringStage> logger) : IStage
{
    public async ValueTask RunAsync(GatewayContext context, StageDelegate next)
    {
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (Exception e) when ((e is OperationCanceledException or IOException) && context.Client.Gone.IsCancellationRequested)
        {
            context.Outcome = LedgerOutcome.Aborted;
        }
#pragma warning disable CA1031 // a bug in an inner stage must not leave a call unrecorded
        catch (Exception e)
#pragma warning restore CA1031
        {
            Failed(e, context.RequestId);
            context.Outcome = context.FirstContentAt == 0 ? LedgerOutcome.Failed : LedgerOutcome.Interrupted;
            context.Error = new GatewayError(ErrorKinds.Internal, "The gateway failed to serve this request.");
        }

        if (context.IsUpgraded)
            context.Reservation?.Settle(Entry(context, default, estimated: false) with { Attempts = 0 }); // each response has been charged by itself
        else
            await RecordAsync(context).ConfigureAwait(false);
    }

    private async ValueTask RecordAsync(GatewayContext context)
    {
        var entry = Settle(context);
        context.Reservation?.Settle(entry);
        try
        {
            await ledger.AppendAsync(entry).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            NotRecorded(e, context.RequestId);
            context.Error ??= new GatewayError(ErrorKinds.LedgerUnavailable, "The gateway could not record this reply and so does not deliver it.");
            if (context.Outcome == LedgerOutcome.Completed)
                context.Outcome = context.FirstContentAt == 0 ? LedgerOutcome.Failed : LedgerOutcome.Interrupted;
            entry = entry with { Outcome = context.Outcome, Status = StatusOf(context), ErrorCode = context.Error.Code };
        }

        context.Entry = entry;
        if (entry.Outcome != LedgerOutcome.Completed)
            NotCompleted(entry.RequestId, entry.KeyId, entry.Outcome, context.Error?.Kind.Code, entry.Provider, entry.Attempts, entry.DurationMicros / 1000);
        observer.OnReply(entry, context.Target?.Provider.TelemetryName);
    }

    private LedgerEntry Settle(GatewayContext context)
    {
        try
        {
            var usage = UsageOf(context, out var estimated);
            return Entry(context, usage, estimated);
        }
#pragma warning disable CA1031 // numbers that no reply has must not leave a call unrecorded, or what it holds held
        catch (Exception e)
#pragma warning restore CA1031
        {
            Failed(e, context.RequestId);
            context.Error ??= new GatewayError(ErrorKinds.Internal, "The gateway failed to serve this request.");
            if (context.Outcome == LedgerOutcome.Completed)
                context.Outcome = context.FirstContentAt == 0 ? LedgerOutcome.Failed : LedgerOutcome.Interrupted;
            return Entry(context, default, estimated: true);
        }
    }

    private static LedgerEntry Entry(GatewayContext context, TokenUsage usage, bool estimated)
    {
        var (cost, priceVersion) = Price(context.Target?.Price, context.Target?.Card?.Units, usage);
        return new LedgerEntry
        {
            Time = context.Arrived,
            RequestId = context.RequestId,
            KeyId = context.Key!.Id,
            CustomerId = context.Key.CustomerId,
            TeamId = context.Key.TeamId,
            UserId = context.Key.UserId,
            Operation = context.Operation.Name(),
            RequestedModel = context.Request.Model,
            TargetModel = context.Target?.Model ?? "",
            ResponseModel = context.Reply.Model,
            Provider = context.Target?.Provider.Id ?? "",
            ResponseId = context.Reply.Id,
            Usage = usage,
            Estimated = estimated,
            CostNanoUsd = cost,
            PriceVersion = priceVersion,
            Status = StatusOf(context),
            Outcome = context.Outcome,
            ErrorCode = context.Error?.Code,
            FinishReason = context.Reply.FinishReason,
            Streamed = context.Request.Stream,
            TimeToFirstTokenMicros = context.FirstContentAt == 0 ? null : Micros(context.Time.GetElapsedTime(context.Began, context.FirstContentAt)),
            DurationMicros = Micros(context.Elapsed),
            Attempts = context.Attempts.Count,
        };
    }

    /// <summary>What a usage costs in nano-dollars, and by which price. Searches that are billed are all that is: their tokens are not.</summary>
    private static (long Cost, string Version) Price(ModelPrice? price, UnitPrice? units, TokenUsage usage) =>
        usage.SearchUnits > 0 && units is { Search: { } search } ? (CostCalculator.OfSearches(search, usage.SearchUnits), units.Version)
        : usage != default && price is not null ? (CostCalculator.Cost(price, usage), price.Version)
        : (0, "");

    /// <summary>
    /// What the provider said; otherwise, once it had begun to answer, a count of the gateway's own. An attempt that failed before any
    /// content is not a completion and not billed; one that the client abandoned is counted, for the provider had the prompt.
    /// </summary>
    private TokenUsage UsageOf(GatewayContext context, out bool estimated)
    {
        estimated = false;
        if (context.Attempts.Count == 0 || (context.Outcome == LedgerOutcome.Failed && context.FirstContentAt == 0))
            return default;
        if (context.Reply.SearchUnits is { } searches && context.Target!.Card?.Units?.Search is not null)
            return (context.Reply.Usage ?? default) with { SearchUnits = searches };
        if (context.Reply.Usage is { } said)
        {
            var told = context.Target!.Provider.ReasoningInOutput ? said : said with { Output = said.Output + said.Reasoning };
            if (context.Outcome == LedgerOutcome.Completed || context.Tap is not { Finished: false })
                return told;
            // Some tell the input with the first event, and the output with the last: of what broke off between, the output was never told.
            estimated = true;
            return told with { Output = Math.Max(told.Output, SeenOutput(context)) };
        }

        if (context.Operation.IsMedia())
        {
            estimated = true;
            return MediaEstimate.Of(context, estimator);
        }

        if (context.Body is not { } body)
            return default; // a socket that was never opened
        estimated = true;
        return new TokenUsage(estimator.EstimateInput(body.WrittenSpan), SeenOutput(context));
    }

    private long SeenOutput(GatewayContext context)
    {
        if (context.Answer is { } answer)
            return OutputCounter.CountReply(estimator, answer.WrittenSpan);
        return context.Tap is { } tap ? OutputCounter.CountEscaped(estimator, tap.SeenText, tap.SeenTextBytes) : 0;
    }

    private static int StatusOf(GatewayContext context) =>
        context.Client.HasStarted ? 200
        : context.Outcome == LedgerOutcome.Aborted ? 499 // as nginx says: the client closed the request
        : context.Error?.Kind.Status ?? 200;

    private static long Micros(TimeSpan time) => (long)time.TotalMicroseconds;

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} failed in the gateway")]
    private partial void Failed(Exception exception, string requestId);

    [LoggerMessage(Level = LogLevel.Information, Message = "The reply to {RequestId} for key {KeyId} was {Outcome}, error {Error}, provider {Provider}, {Attempts} attempt(s), {Milliseconds} ms")]
    private partial void NotCompleted(string requestId, string keyId, LedgerOutcome outcome, string? error, string provider, int attempts, long milliseconds);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The reply to {RequestId} could not be recorded in the ledger")]
    private partial void NotRecorded(Exception exception, string requestId);
}
