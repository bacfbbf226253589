using Gateway.Dialects;
using Gateway.Errors;
using Gateway.Metering;
using Gateway.Pipeline;
using Gateway.Providers.Credentials;
using Gateway.Transport;

namespace Gateway.Routing.Attempts;

/// <summary>One call that the route's total time limit bounds, from the send to the last byte of an answer taken in whole.</summary>
internal abstract class BoundedAttempt(UpstreamClients clients)
{
    /// <summary>Timers count whole milliseconds, and may so be up before their time.</summary>
    private static readonly TimeSpan TimerSlack = TimeSpan.FromMilliseconds(20);

    private readonly CancellationPool _limits = new();

    /// <summary>Whether the provider's time lasts until its answer is delivered; it ends with the status otherwise.</summary>
    protected abstract bool IsTimedToTheEnd { get; }

    public async ValueTask<AttemptEnd> RunAsync(GatewayContext context, Attempt attempt, Lane lane)
    {
        var sent = attempt.Began;
        if (context.Time.GetElapsedTime(context.Began, sent) >= context.Route!.Timeouts.Total)
            return attempt.FailTotalTimeout(context);
        // One source for all: whoever cancels, whether the client is gone is asked first, then whether all the time is up.
        using var end = _limits.Rent(sent, Silence(context, sent), context.Time);
        using var gone = attempt.Unwanted(context).UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), end.Source);
        var target = attempt.Target;
        context.IsBinary = false; // what the last attempt sent was not it
        HttpResponseMessage? response = null;
        try
        {
            using var request = UpstreamRequests.Create(context, attempt, lane);
            await UpstreamCredentials.ApplyAsync(attempt, request, end.Token).ConfigureAwait(false);
            response = await clients.For(context.Route.Timeouts.Connect).SendAsync(request, end.Token).ConfigureAwait(false);
            if (!IsTimedToTheEnd)
                attempt.UpstreamTime += context.Time.GetElapsedTime(sent);
            attempt.Observe(response);
            if (!response.IsSuccessStatusCode)
                return await attempt.FailRefusedAsync(context, lane, request, response, end.Token).ConfigureAwait(false);
            return UpstreamFailures.Compressed(target.Provider, response) is { } compressed
                ? attempt.Fail(compressed, AttemptEnd.TryNext)
                : await DeliverAsync(context, attempt, lane, response, end).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (attempt.Unwanted(context).IsCancellationRequested)
        {
            return attempt.Abort();
        }
        catch (OperationCanceledException) when (end.Token.IsCancellationRequested)
        {
            return context.Elapsed + TimerSlack >= context.Route.Timeouts.Total ? attempt.FailTotalTimeout(context) : attempt.FailSilent(context, response is not null);
        }
        catch (Exception e) when (e is CredentialException or HttpRequestException or IOException or OperationCanceledException)
        {
            if (e is not CredentialException && context.Upload is { } upload && UploadIntake.ErrorOf(upload.Fault, context.Snapshot.Limits.MaxRequestBytes) is { } fault)
                return attempt.Fail(fault, AttemptEnd.Final);
            return response is null
                ? attempt.FailUnanswered(e)
                : attempt.Fail(new GatewayError(ErrorKinds.StreamCut, $"The provider '{target.Provider.Id}' broke off in the middle of its answer."));
        }
        finally
        {
            if (IsTimedToTheEnd)
                attempt.UpstreamTime += context.Time.GetElapsedTime(sent, attempt.End(context.Time));
            response?.Dispose();
            if (context.Upload is { } upload)
            {
                // An answer may come before the upload is through; nothing may read on when the request is over.
                await end.Source.CancelAsync().ConfigureAwait(false);
                await upload.StoppedAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Gives the client an answer of a good status.</summary>
    /// <param name="context">The request.</param>
    /// <param name="attempt">The call that was answered.</param>
    /// <param name="lane">How it was asked.</param>
    /// <param name="response">The answer, its body not yet read.</param>
    /// <param name="end">Cancelled when a limit is up, or the client gone.</param>
    protected abstract ValueTask<AttemptEnd> DeliverAsync(GatewayContext context, Attempt attempt, Lane lane, HttpResponseMessage response, CancellationPool.Lease end);

    /// <summary>What the client gets for an answer taken in whole: itself where it stands right, or another buffer; null when it is not a reply.</summary>
    /// <param name="context">The request.</param>
    /// <param name="lane">How the provider was asked.</param>
    /// <param name="response">The answer's head.</param>
    /// <param name="answer">The answer's body.</param>
    /// <param name="reply">Filled in.</param>
    protected abstract PooledBuffer? Accept(GatewayContext context, Lane lane, HttpResponseMessage response, PooledBuffer answer, ReplyFacts reply);

    /// <summary>Reads an answer to its end and checks it before the client sees any of it.</summary>
    /// <inheritdoc cref="DeliverAsync"/>
    protected async ValueTask<AttemptEnd> TakeInAsync(GatewayContext context, Attempt attempt, Lane lane, HttpResponseMessage response, CancellationPool.Lease end)
    {
        var cancellation = end.Token;
        var limit = context.Snapshot.Limits.MaxReplyBytes;
        var declared = response.Content.Headers.ContentLength;
        if (declared > limit)
            return attempt.Fail(TooLarge(attempt.Target), AttemptEnd.TryNext);
        // One byte more than declared lets the read that finds the end find room.
        var answer = new PooledBuffer((int)(declared + 1 ?? 4096));
        try
        {
            var stream = response.Content.ReadAsStream(cancellation); // it is there: only reading from it may wait
            while (true)
            {
                var reading = stream.ReadAsync(answer.GetMemory(), cancellation);
                // A short answer mostly comes along with its head: only who has to wait begins to count anew.
                if (!reading.IsCompleted)
                {
                    var waits = context.Time.GetTimestamp();
                    end.Limit(waits, Silence(context, waits));
                }

                var read = await reading.ConfigureAwait(false);
                if (read == 0)
                    break;
                answer.Advance(read);
                if (answer.Length > limit)
                    return attempt.Fail(TooLarge(attempt.Target), AttemptEnd.TryNext);
            }

            var reply = attempt.Reply;
            if (Accept(context, lane, response, answer, reply) is not { } delivered)
                return attempt.Fail(UpstreamFailures.Unreadable(attempt.Target.Provider, lane.Dialect.ReadError(answer.WrittenSpan)));
            var now = attempt.End(context.Time);
            attempt.Target.State.Answered(now, attempt.UpstreamTime == TimeSpan.Zero ? context.Time.GetElapsedTime(attempt.Began, now) : attempt.UpstreamTime, reply.Usage?.Output ?? 0);
            (attempt.Outcome, attempt.Answer) = (LedgerOutcome.Completed, delivered);
            return AttemptEnd.Final;
        }
        finally
        {
            if (attempt.Answer != answer)
                answer.Dispose();
        }
    }

    /// <summary>How long the provider may be silent from now on: no longer than is left of the whole.</summary>
    private static TimeSpan Silence(GatewayContext context, long now)
    {
        var timeouts = context.Route!.Timeouts;
        var left = timeouts.Total - context.Time.GetElapsedTime(context.Began, now);
        return left < timeouts.Answer ? left > TimeSpan.Zero ? left : TimeSpan.Zero : timeouts.Answer;
    }

    private static GatewayError TooLarge(TargetSnapshot target) =>
        new(ErrorKinds.UpstreamTooLarge, $"The answer of the provider '{target.Provider.Id}' is larger than the gateway takes in.");
}
