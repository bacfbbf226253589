using System.Text.Json;
using Gateway.Errors;
using Gateway.Metering;
using Gateway.Pipeline;
using Gateway.Providers.Credentials;
using Gateway.Transport;

namespace Gateway.Routing.Attempts;

/// <summary>One call for a non-streamed reply. The reply is taken in whole and checked before the client sees any of it.</summary>
internal sealed class WholeAttempt(UpstreamClients clients)
{
    public async ValueTask<AttemptEnd> RunAsync(GatewayContext context, TargetSnapshot target, Lane lane)
    {
        var provider = target.Provider;
        var left = context.Route!.Timeouts.Total - context.Elapsed;
        if (left <= TimeSpan.Zero)
            return Fail(context, TotalTimeout(context), AttemptEnd.Final);
        // One source for both: whoever cancels, whether the client is gone is asked first.
        using var end = new CancellationTokenSource(left, context.Time);
        using var gone = context.Client.Gone.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), end);
        var sent = context.Time.GetTimestamp();
        HttpResponseMessage? response = null;
        try
        {
            using var request = UpstreamRequests.Create(context, target, lane);
            var key = await UpstreamCredentials.ApplyAsync(target, request, end.Token).ConfigureAwait(false);
            response = await clients.For(context.Route.Timeouts.Connect).SendAsync(request, end.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                var error = await UpstreamFailures.ReadAsync(context, provider, lane.Dialect, response, end.Token).ConfigureAwait(false);
                if (await UpstreamCredentials.RenewAsync(key, error, request, end.Token).ConfigureAwait(false))
                    return Fail(context, error, AttemptEnd.RetrySame);
                return Fail(context, error, ProviderErrors.OtherTargetMayServe(error) ? AttemptEnd.TryNext : AttemptEnd.Final);
            }

            return await TakeInAsync(context, target, lane, response, end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.Client.Gone.IsCancellationRequested)
        {
            context.Outcome = LedgerOutcome.Aborted;
            return AttemptEnd.Final;
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return Fail(context, TotalTimeout(context), AttemptEnd.Final);
        }
        catch (CredentialException e)
        {
            return Fail(context, UpstreamFailures.NoCredential(e), AttemptEnd.TryNext);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            if (response is not null)
                return Fail(context, new GatewayError(ErrorKinds.StreamCut, $"The provider '{provider.Id}' broke off in the middle of its answer."), AttemptEnd.TryNext);
            return Fail(context, UpstreamFailures.Unreachable(provider, e), UpstreamFailures.IsConnectionLevel(e) ? AttemptEnd.RetrySame : AttemptEnd.TryNext);
        }
        finally
        {
            context.UpstreamTime += context.Time.GetElapsedTime(sent);
            response?.Dispose();
        }
    }

    private static async ValueTask<AttemptEnd> TakeInAsync(GatewayContext context, TargetSnapshot target, Lane lane, HttpResponseMessage response, CancellationToken cancellation)
    {
        if (UpstreamFailures.Compressed(target.Provider, response) is { } compressed)
            return Fail(context, compressed, AttemptEnd.TryNext);
        var limit = context.Snapshot.Limits.MaxReplyBytes;
        var declared = response.Content.Headers.ContentLength;
        if (declared > limit)
            return Fail(context, TooLarge(target), AttemptEnd.TryNext);
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
                    return Fail(context, TooLarge(target), AttemptEnd.TryNext);
            }

            var reply = new Dialects.ReplyFacts();
            var delivered = Accept(context, lane, answer, reply);
            if (delivered is null)
            {
                var error = UpstreamFailures.Unreadable(target.Provider, lane.Dialect.ReadError(answer.WrittenSpan));
                return Fail(context, error, ProviderErrors.OtherTargetMayServe(error) ? AttemptEnd.TryNext : AttemptEnd.Final);
            }

            context.Reply = reply;
            context.Error = null;
            context.Outcome = LedgerOutcome.Completed;
            context.Answer = delivered;
            return AttemptEnd.Final;
        }
        finally
        {
            if (context.Answer != answer)
                answer.Dispose();
        }
    }

    /// <summary>What the client gets for an answer: itself where it stands right, or its translation; null when it is not a reply.</summary>
    private static PooledBuffer? Accept(GatewayContext context, Lane lane, PooledBuffer answer, Dialects.ReplyFacts reply)
    {
        if (lane.Translated is { } translated)
            return Translate(translated, answer, reply);
        return lane.Dialect.TryReadReply(answer.WrittenSpan, reply) ? lane.Dialect.CorrectReply(answer.WrittenSpan, context.Request) ?? answer : null;
    }

    private static PooledBuffer? Translate(Translated translated, PooledBuffer answer, Dialects.ReplyFacts reply)
    {
        var output = new PooledBuffer(Math.Max(1024, answer.Length));
        try
        {
            if (translated.TryWriteReply(answer.WrittenMemory, output, reply))
                return output;
        }
        catch (JsonException)
        {
            // Not a reply.
        }
        catch
        {
            output.Dispose();
            throw;
        }

        output.Dispose();
        return null;
    }

    private static AttemptEnd Fail(GatewayContext context, GatewayError error, AttemptEnd end)
    {
        context.Error = error;
        return end;
    }

    private static GatewayError TotalTimeout(GatewayContext context) =>
        new(ErrorKinds.TotalTimeout, $"The request took longer than {context.Route!.Timeouts.Total.TotalSeconds:0.###} s.");

    private static GatewayError TooLarge(TargetSnapshot target) =>
        new(ErrorKinds.UpstreamTooLarge, $"The answer of the provider '{target.Provider.Id}' is larger than the gateway takes in.");
}
