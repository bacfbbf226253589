using System.Text;
using Gateway.Errors;
using Gateway.Metering;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Providers.Credentials;
using Gateway.Transport;

namespace Gateway.Routing.Attempts;

/// <summary>One call of which only the reply's content type says how it comes: a JSON document or text, an event stream, or bytes of a medium.</summary>
internal sealed class MediaAttempt(UpstreamClients clients)
{
    private const string Unnamed = "application/octet-stream";

    public async ValueTask<AttemptEnd> RunAsync(GatewayContext context, TargetSnapshot target, Lane lane)
    {
        var provider = target.Provider;
        var left = context.Route!.Timeouts.Total - context.Elapsed;
        if (left <= TimeSpan.Zero)
            return Fail(context, TotalTimeout(context), AttemptEnd.Final);
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
            context.UpstreamTime += context.Time.GetElapsedTime(sent);
            if (!response.IsSuccessStatusCode)
            {
                var error = await UpstreamFailures.ReadAsync(context, provider, lane.Dialect, response, end.Token).ConfigureAwait(false);
                if (await UpstreamCredentials.RenewAsync(key, error, request, end.Token).ConfigureAwait(false))
                    return Fail(context, error, AttemptEnd.RetrySame);
                return Fail(context, error, ProviderErrors.OtherTargetMayServe(error) ? AttemptEnd.TryNext : AttemptEnd.Final);
            }

            return await DeliverAsync(context, target, lane, response, end.Token).ConfigureAwait(false);
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
            if (context.Upload is { } upload && UploadIntake.ErrorOf(upload.Fault, context.Snapshot.Limits.MaxRequestBytes) is { } fault)
                return Fail(context, fault, AttemptEnd.Final);
            if (response is not null)
                return Fail(context, new GatewayError(ErrorKinds.StreamCut, $"The provider '{provider.Id}' broke off in the middle of its answer."), AttemptEnd.TryNext);
            return Fail(context, UpstreamFailures.Unreachable(provider, e), UpstreamFailures.IsConnectionLevel(e) ? AttemptEnd.RetrySame : AttemptEnd.TryNext);
        }
        finally
        {
            response?.Dispose();
            if (context.Upload is { } upload)
            {
                // An answer may come before the upload is through; nothing may read on when the request is over.
                await end.CancelAsync().ConfigureAwait(false);
                await upload.StoppedAsync().ConfigureAwait(false);
            }
        }
    }

    private static async ValueTask<AttemptEnd> DeliverAsync(GatewayContext context, TargetSnapshot target, Lane lane, HttpResponseMessage response, CancellationToken cancellation)
    {
        if (UpstreamFailures.Compressed(target.Provider, response) is { } compressed)
            return Fail(context, compressed, AttemptEnd.TryNext);
        var type = response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var types) && Ascii.IsValid(types.ToString()) ? types.ToString() : Unnamed;
        if (Is(type, "text/event-stream"))
            return await RelayEventsAsync(context, target, lane, response).ConfigureAwait(false);
        if (Is(type, "application/json") || type.StartsWith("text/", StringComparison.OrdinalIgnoreCase))
            return await TakeInAsync(context, target, lane, response, type, cancellation).ConfigureAwait(false);
        return await RelayBytesAsync(context, target, response, type).ConfigureAwait(false);
    }

    private static async ValueTask<AttemptEnd> RelayEventsAsync(GatewayContext context, TargetSnapshot target, Lane lane, HttpResponseMessage response)
    {
        context.Request.Stream = true;
        context.Tap?.Dispose();
        context.Reply = new Dialects.ReplyFacts();
        var tap = context.Tap = lane.Dialect.CreateStreamTap(context.Reply, context.Request);
        using var watch = new StreamWatch(context.Time, context.Route!.Timeouts, context.Began, context.Time.GetTimestamp(), context.Client.Gone);
        using var relay = new StreamRelay(tap, new ClientStream(context), watch, lane.Dialect.Framing, context.Snapshot.Limits.MaxEventBytes);
        watch.OnKeepAlive(relay.TryKeepAlive);
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(watch.Token).ConfigureAwait(false);
            var end = await relay.RunAsync(stream).ConfigureAwait(false);
            return StreamAttempt.Conclude(context, target, relay.Committed, relay.Tail, end);
        }
        finally
        {
            await relay.CloseAsync().ConfigureAwait(false);
        }
    }

    private static async ValueTask<AttemptEnd> RelayBytesAsync(GatewayContext context, TargetSnapshot target, HttpResponseMessage response, string type)
    {
        (context.Request.Stream, context.IsBinary) = (true, true);
        using var watch = new StreamWatch(context.Time, context.Route!.Timeouts, context.Began, context.Time.GetTimestamp(), context.Client.Gone);
        using var relay = new BytesRelay(new ClientStream(context, type), watch);
        var stream = await response.Content.ReadAsStreamAsync(watch.Token).ConfigureAwait(false);
        var end = await relay.RunAsync(stream).ConfigureAwait(false);
        return StreamAttempt.Conclude(context, target, relay.Committed, relay.Tail, end);
    }

    private static async ValueTask<AttemptEnd> TakeInAsync(GatewayContext context, TargetSnapshot target, Lane lane, HttpResponseMessage response, string type, CancellationToken cancellation)
    {
        var limit = context.Snapshot.Limits.MaxReplyBytes;
        var answer = new PooledBuffer((int)Math.Min(limit, response.Content.Headers.ContentLength + 1 ?? 4096));
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
            int read;
            while ((read = await stream.ReadAsync(answer.GetMemory(), cancellation).ConfigureAwait(false)) > 0)
            {
                answer.Advance(read);
                if (answer.Length > limit)
                    return Fail(context, new GatewayError(ErrorKinds.UpstreamTooLarge, $"The answer of the provider '{target.Provider.Id}' is larger than the gateway takes in."), AttemptEnd.TryNext);
            }

            var reply = new Dialects.ReplyFacts();
            var isText = context.Operation.IsTranscript() && !Is(type, "application/json") && !Is(type, "text/html");
            if (!isText && !lane.Dialect.TryReadReply(answer.WrittenSpan, reply))
            {
                var error = UpstreamFailures.Unreadable(target.Provider, lane.Dialect.ReadError(answer.WrittenSpan));
                return Fail(context, error, ProviderErrors.OtherTargetMayServe(error) ? AttemptEnd.TryNext : AttemptEnd.Final);
            }

            (context.Reply, context.Error, context.Outcome) = (reply, null, LedgerOutcome.Completed);
            (context.Request.Stream, context.ContentType, context.Answer) = (false, isText ? type : "application/json", answer);
            return AttemptEnd.Final;
        }
        finally
        {
            if (context.Answer != answer)
                answer.Dispose();
        }
    }

    private static bool Is(string type, string media) =>
        type.StartsWith(media, StringComparison.OrdinalIgnoreCase) && (type.Length == media.Length || type[media.Length] is ';' or ' ');

    private static AttemptEnd Fail(GatewayContext context, GatewayError error, AttemptEnd end)
    {
        context.Error = error;
        return end;
    }

    private static GatewayError TotalTimeout(GatewayContext context) =>
        new(ErrorKinds.TotalTimeout, $"The request took longer than {context.Route!.Timeouts.Total.TotalSeconds:0.###} s.");
}
