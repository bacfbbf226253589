using System.Buffers;
using System.Globalization;
using System.Text;
using Gateway.Errors;
using Gateway.Metering;
using Gateway.Routing;
using Microsoft.Extensions.Logging;

namespace Gateway.Pipeline;

/// <summary>
/// The outermost stage: when the inner ones are done and the reply is recorded, sends what the client is still owed, an answer,
/// the end of a stream or an error, in the client's dialect. Nothing else renders errors.
/// </summary>
/// <param name="logger">Told what went wrong in here.</param>
/// <param name="decisions">Keeps the ways of requests whose callers ask for it; null: nobody does.</param>
internal sealed partial class DeliveryStage(ILogger<DeliveryStage> logger, DecisionLog? decisions = null) : IStage
{
    private const int SliceBytes = 256 * 1024;

    public async ValueTask RunAsync(GatewayContext context, StageDelegate next)
    {
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.Client.Gone.IsCancellationRequested)
        {
            context.Outcome = LedgerOutcome.Aborted;
        }
#pragma warning disable CA1031 // the last barrier: whatever happened, the client is told and the process lives
        catch (Exception e)
#pragma warning restore CA1031
        {
            Failed(e, context.RequestId);
            context.Error = new GatewayError(ErrorKinds.Internal, "The gateway failed to serve this request.");
        }

        context.Close();
        // Before the last byte: who has the reply can ask for the record.
        if (decisions is not null && ReplyHeaders.IsExplained(context))
            decisions.Keep(new DecisionRecord(context.RequestId, context.Key!.Id, context.Key.TeamId, context.Key.UserId, DecisionJson.Write(context)));

        try
        {
            if (context.IsUpgraded)
                return; // it has had everything through its socket
            if (context.Client.Gone.IsCancellationRequested || context.Outcome == LedgerOutcome.Aborted)
                context.Client.Break(); // whatever made it so, half a reply must not end like a whole one
            else
                await DeliverAsync(context).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            context.Client.Break(); // the client left while its reply was being sent
        }
        finally
        {
            if (context.AfterDelivery is { } tidy)
                await tidy().ConfigureAwait(false);
        }
    }

    private static ValueTask DeliverAsync(GatewayContext context) =>
        context.Error is { } error ? SendErrorAsync(context, error)
        : context.Answer is { } answer ? SendAnswerAsync(context, answer.WrittenMemory)
        : EndStreamAsync(context);

    private static ValueTask SendAnswerAsync(GatewayContext context, ReadOnlyMemory<byte> answer)
    {
        var client = context.Client;
        client.SetStatus(200);
        client.SetHeader("Content-Type", context.ContentType);
        client.SetLength(answer.Length);
        ReplyHeaders.Write(context);
        if (answer.Length > SliceBytes)
            return SendSlicesAsync(client, answer);
        client.Body.Write(answer.Span);
        return client.CompleteAsync();
    }

    /// <summary>What is written is copied by the server: a large answer goes slice by slice, as the client takes it, so that there are never two of it.</summary>
    private static async ValueTask SendSlicesAsync(IClientExchange client, ReadOnlyMemory<byte> answer)
    {
        var hasLeft = false;
        while (answer.Length > SliceBytes && !hasLeft)
        {
            client.Body.Write(answer.Span[..SliceBytes]);
            answer = answer[SliceBytes..];
            hasLeft = (await client.Body.FlushAsync(client.Gone).ConfigureAwait(false)).IsCompleted;
        }

        if (!hasLeft)
            client.Body.Write(answer.Span);
        await client.CompleteAsync().ConfigureAwait(false);
    }

    private static async ValueTask EndStreamAsync(GatewayContext context)
    {
        var client = context.Client;
        if (!client.HasStarted)
            await client.StartAsync().ConfigureAwait(false);
        if (TakesComments(context))
        {
            if (client.Header(ReplyHeaders.WantsStreamFacts) == "1")
                WriteStreamFacts(context);
            WriteDecision(context);
        }

        client.Body.Write(context.Tail.Span);
        await client.CompleteAsync().ConfigureAwait(false);
    }

    private static async ValueTask SendErrorAsync(GatewayContext context, GatewayError error)
    {
        var client = context.Client;
        if (client.HasStarted)
        {
            if (TakesComments(context))
                WriteDecision(context);
            if (!context.IsBinary)
                context.Dialect.WriteStreamError(client.Body, error, context.RequestId);
            await client.Body.FlushAsync().ConfigureAwait(false);
            client.Break();
            return;
        }

        client.SetStatus(error.Kind.Status);
        client.SetHeader("Content-Type", "application/json");
        if (error.RetryAfter is { } wait)
            client.SetHeader("Retry-After", Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture));
        if (context.Dialect.ErrorHeader(error) is { } own)
            client.SetHeader(own.Key, own.Value);
        ReplyHeaders.Write(context);
        context.Dialect.WriteError(client.Body, error, context.RequestId);
        await client.CompleteAsync().ConfigureAwait(false);
    }

    private static void WriteStreamFacts(GatewayContext context)
    {
        if (context.Entry is not { } entry)
            return;
        var facts = string.Create(CultureInfo.InvariantCulture,
            $": gateway {ReplyHeaders.RequestId}={entry.RequestId} {ReplyHeaders.Provider}={entry.Provider} {ReplyHeaders.Model}={entry.TargetModel} {ReplyHeaders.Attempts}={entry.Attempts} {ReplyHeaders.Cost}={NanoUsd.Format(entry.CostNanoUsd)}\n\n");
        context.Client.Body.Write(Encoding.UTF8.GetBytes(facts));
    }

    private static void WriteDecision(GatewayContext context)
    {
        if (ReplyHeaders.IsExplained(context))
            context.Client.Body.Write(Encoding.ASCII.GetBytes($": gateway {ReplyHeaders.Decision}={DecisionLine.Of(context)}\n\n"));
    }

    private static bool TakesComments(GatewayContext context) =>
        !context.IsBinary && context.Dialect.StreamContentType.StartsWith("text/event-stream", StringComparison.Ordinal);

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} failed in the gateway")]
    private partial void Failed(Exception exception, string requestId);
}
