using Gateway.Errors;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Routing;
using Microsoft.Extensions.Logging;

namespace Gateway.Metering;

/// <summary>
/// Settles every admitted request, whatever became of it: usage, cost and one ledger entry, written before the reply's last byte.
/// What can't be recorded is not delivered as a success.
/// </summary>
internal sealed partial class MeteringStage(ILedger ledger, TokenEstimator estimator, IReplyObserver observer, ILogger<MeteringStage> logger) : IStage
{
    private readonly AttemptMeter _meter = new(estimator);

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
        {
            Release(context);
            return;
        }

        var entry = Settle(context);
        try
        {
            await ledger.AppendAsync(entry).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            entry = Unrecorded(context, entry, e);
        }

        Tell(context, entry);
    }

    /// <summary>Of a session each response has been charged by itself.</summary>
    private static void Release(GatewayContext context) =>
        context.Reservation?.Settle(Entry(context, new AttemptTotals { Answered = context.Attempt }) with { Attempts = 0 });

    private LedgerEntry Settle(GatewayContext context)
    {
        var entry = Sum(context);
        context.Reservation?.Settle(entry);
        return entry;
    }

    private LedgerEntry Unrecorded(GatewayContext context, LedgerEntry entry, IOException e)
    {
        NotRecorded(e, context.RequestId);
        context.Error ??= new GatewayError(ErrorKinds.LedgerUnavailable, "The gateway could not record this reply and so does not deliver it.");
        if (context.Outcome == LedgerOutcome.Completed)
            context.Outcome = context.FirstContentAt == 0 ? LedgerOutcome.Failed : LedgerOutcome.Interrupted;
        return entry with { Outcome = context.Outcome, Status = StatusOf(context), ErrorCode = context.Error.Code };
    }

    private void Tell(GatewayContext context, LedgerEntry entry)
    {
        context.Entry = entry;
        if (entry.Outcome != LedgerOutcome.Completed)
            NotCompleted(entry.RequestId, entry.KeyId, entry.Outcome, context.Error?.Kind.Code, entry.Provider, entry.Attempts, entry.DurationMicros / 1000);
        observer.OnReply(entry, EntryRouting.TelemetryNameOf(context, entry.Provider));
    }

    private LedgerEntry Sum(GatewayContext context)
    {
        try
        {
            return Entry(context, _meter.Sum(context));
        }
#pragma warning disable CA1031 // numbers that no reply has must not leave a call unrecorded, or what it holds held
        catch (Exception e)
#pragma warning restore CA1031
        {
            Failed(e, context.RequestId);
            context.Error ??= new GatewayError(ErrorKinds.Internal, "The gateway failed to serve this request.");
            if (context.Outcome == LedgerOutcome.Completed)
                context.Outcome = context.FirstContentAt == 0 ? LedgerOutcome.Failed : LedgerOutcome.Interrupted;
            return Entry(context, new AttemptTotals { Estimated = true, Answered = context.Attempt });
        }
    }

    private static LedgerEntry Entry(GatewayContext context, in AttemptTotals totals)
    {
        var target = totals.Answered?.Target;
        var reply = totals.Answered?.Reply ?? context.Reply;
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
            TargetModel = target?.Model ?? "",
            ResponseModel = reply.Model,
            Provider = target?.Provider.Id ?? "",
            ResponseId = reply.Id,
            Usage = totals.Usage,
            Estimated = totals.Estimated,
            CostNanoUsd = totals.CostNanoUsd,
            PriceVersion = totals.PriceVersion,
            Status = StatusOf(context),
            Outcome = context.Outcome,
            ErrorCode = context.Error?.Code,
            FinishReason = reply.FinishReason,
            Streamed = context.Request.Stream,
            TimeToFirstTokenMicros = context.FirstContentAt == 0 ? null : Micros(context.Time.GetElapsedTime(context.Began, context.FirstContentAt)),
            DurationMicros = Micros(context.Elapsed),
            Attempts = context.Attempts.Count,
            ProviderKey = EntryRouting.ProviderKeyOf(totals.Answered),
            Route = EntryRouting.RouteOf(context),
            Rule = ToldRoute.DecisionOf(context)?.Rule,
            Arm = ToldRoute.DecisionOf(context)?.Arm,
            WastedNanoUsd = totals.WastedNanoUsd,
            AttemptList = totals.List,
        };
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
