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
    /// <summary>Whether the provider's time lasts until its answer is delivered; it ends with the status otherwise.</summary>
    protected abstract bool IsTimedToTheEnd { get; }

    public async ValueTask<AttemptEnd> RunAsync(GatewayContext context, TargetSnapshot target, Lane lane)
    {
        var left = context.Route!.Timeouts.Total - context.Elapsed;
        if (left <= TimeSpan.Zero)
            return context.FailTotalTimeout();
        // One source for both: whoever cancels, whether the client is gone is asked first.
        using var end = new CancellationTokenSource(left, context.Time);
        using var gone = context.Client.Gone.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), end);
        var sent = context.Time.GetTimestamp();
        context.IsBinary = false; // what the last attempt sent was not it
        HttpResponseMessage? response = null;
        try
        {
            using var request = UpstreamRequests.Create(context, target, lane);
            var key = await UpstreamCredentials.ApplyAsync(target, request, end.Token).ConfigureAwait(false);
            response = await clients.For(context.Route.Timeouts.Connect).SendAsync(request, end.Token).ConfigureAwait(false);
            if (!IsTimedToTheEnd)
                context.UpstreamTime += context.Time.GetElapsedTime(sent);
            if (!response.IsSuccessStatusCode)
                return await context.FailRefusedAsync(target, lane, key, request, response, end.Token).ConfigureAwait(false);
            return UpstreamFailures.Compressed(target.Provider, response) is { } compressed
                ? context.Fail(compressed, AttemptEnd.TryNext)
                : await DeliverAsync(context, target, lane, response, end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.Client.Gone.IsCancellationRequested)
        {
            context.Outcome = LedgerOutcome.Aborted;
            return AttemptEnd.Final;
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return context.FailTotalTimeout();
        }
        catch (Exception e) when (e is CredentialException or HttpRequestException or IOException or OperationCanceledException)
        {
            if (e is not CredentialException && context.Upload is { } upload && UploadIntake.ErrorOf(upload.Fault, context.Snapshot.Limits.MaxRequestBytes) is { } fault)
                return context.Fail(fault, AttemptEnd.Final);
            return response is null
                ? context.FailUnanswered(target, e)
                : context.Fail(new GatewayError(ErrorKinds.StreamCut, $"The provider '{target.Provider.Id}' broke off in the middle of its answer."), AttemptEnd.TryNext);
        }
        finally
        {
            if (IsTimedToTheEnd)
                context.UpstreamTime += context.Time.GetElapsedTime(sent);
            response?.Dispose();
            if (context.Upload is { } upload)
            {
                // An answer may come before the upload is through; nothing may read on when the request is over.
                await end.CancelAsync().ConfigureAwait(false);
                await upload.StoppedAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Gives the client an answer of a good status.</summary>
    /// <param name="context">The request.</param>
    /// <param name="target">Who answered.</param>
    /// <param name="lane">How it was asked.</param>
    /// <param name="response">The answer, its body not yet read.</param>
    /// <param name="cancellation">The limit is up, or the client gone.</param>
    protected abstract ValueTask<AttemptEnd> DeliverAsync(GatewayContext context, TargetSnapshot target, Lane lane, HttpResponseMessage response, CancellationToken cancellation);

    /// <summary>What the client gets for an answer taken in whole: itself where it stands right, or another buffer; null when it is not a reply.</summary>
    /// <param name="context">The request.</param>
    /// <param name="lane">How the provider was asked.</param>
    /// <param name="response">The answer's head.</param>
    /// <param name="answer">The answer's body.</param>
    /// <param name="reply">Filled in.</param>
    protected abstract PooledBuffer? Accept(GatewayContext context, Lane lane, HttpResponseMessage response, PooledBuffer answer, ReplyFacts reply);

    /// <summary>Reads an answer to its end and checks it before the client sees any of it.</summary>
    /// <inheritdoc cref="DeliverAsync"/>
    protected async ValueTask<AttemptEnd> TakeInAsync(GatewayContext context, TargetSnapshot target, Lane lane, HttpResponseMessage response, CancellationToken cancellation)
    {
        var limit = context.Snapshot.Limits.MaxReplyBytes;
        var declared = response.Content.Headers.ContentLength;
        if (declared > limit)
            return context.Fail(TooLarge(target), AttemptEnd.TryNext);
        // One byte more than declared lets the read that finds the end find room.
        var answer = new PooledBuffer((int)(declared + 1 ?? 4096));
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
            int read;
            while ((read = await stream.ReadAsync(answer.GetMemory(), cancellation).ConfigureAwait(false)) > 0)
            {
                answer.Advance(read);
                if (answer.Length > limit)
                    return context.Fail(TooLarge(target), AttemptEnd.TryNext);
            }

            var reply = new ReplyFacts();
            if (Accept(context, lane, response, answer, reply) is not { } delivered)
                return context.Fail(UpstreamFailures.Unreadable(target.Provider, lane.Dialect.ReadError(answer.WrittenSpan)));
            (context.Reply, context.Error, context.Outcome, context.Answer) = (reply, null, LedgerOutcome.Completed, delivered);
            return AttemptEnd.Final;
        }
        finally
        {
            if (context.Answer != answer)
                answer.Dispose();
        }
    }

    private static GatewayError TooLarge(TargetSnapshot target) =>
        new(ErrorKinds.UpstreamTooLarge, $"The answer of the provider '{target.Provider.Id}' is larger than the gateway takes in.");
}
