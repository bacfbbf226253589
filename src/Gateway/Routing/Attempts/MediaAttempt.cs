using System.Text;
using Gateway.Dialects;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Transport;

namespace Gateway.Routing.Attempts;

/// <summary>One call of which only the reply's content type says how it comes: a JSON document or text, an event stream, or bytes of a medium.</summary>
internal sealed class MediaAttempt(UpstreamClients clients) : BoundedAttempt(clients)
{
    private const string Unnamed = "application/octet-stream";

    protected override bool IsTimedToTheEnd => false;

    protected override ValueTask<AttemptEnd> DeliverAsync(GatewayContext context, Attempt attempt, Lane lane, HttpResponseMessage response, CancellationPool.Lease end)
    {
        var type = TypeOf(response);
        if (Is(type, "text/event-stream"))
            return RelayEventsAsync(context, attempt, lane, response);
        if (Is(type, "application/json") || type.StartsWith("text/", StringComparison.OrdinalIgnoreCase))
            return TakeInAsync(context, attempt, lane, response, end);
        return RelayBytesAsync(context, attempt, response, type);
    }

    protected override PooledBuffer? Accept(GatewayContext context, Lane lane, HttpResponseMessage response, PooledBuffer answer, ReplyFacts reply)
    {
        var type = TypeOf(response);
        var isText = context.Operation.IsTranscript() && !Is(type, "application/json") && !Is(type, "text/html");
        if (!isText && !lane.Dialect.TryReadReply(answer.WrittenSpan, reply))
            return null;
        (context.Request.Stream, context.ContentType) = (false, isText ? type : "application/json");
        return answer;
    }

    private static async ValueTask<AttemptEnd> RelayEventsAsync(GatewayContext context, Attempt attempt, Lane lane, HttpResponseMessage response)
    {
        context.Request.Stream = true;
        var tap = attempt.Tap = lane.Dialect.CreateStreamTap(attempt.Reply, context.Request);
        using var watch = new StreamWatch(context.Time, context.Route!.Timeouts, context.Began, context.Time.GetTimestamp(), context.Client.Gone);
        using var relay = new StreamRelay(tap, new ClientStream(context, attempt), watch, lane.Dialect.Framing, context.Snapshot.Limits.MaxEventBytes);
        watch.OnKeepAlive(relay.TryKeepAlive);
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(watch.Token).ConfigureAwait(false);
            var end = await relay.RunAsync(stream).ConfigureAwait(false);
            return StreamAttempt.Conclude(context, attempt, relay.Committed, relay.Tail, end);
        }
        finally
        {
            await relay.CloseAsync().ConfigureAwait(false);
        }
    }

    private static async ValueTask<AttemptEnd> RelayBytesAsync(GatewayContext context, Attempt attempt, HttpResponseMessage response, string type)
    {
        (context.Request.Stream, context.IsBinary) = (true, true);
        using var watch = new StreamWatch(context.Time, context.Route!.Timeouts, context.Began, context.Time.GetTimestamp(), context.Client.Gone);
        using var relay = new BytesRelay(new ClientStream(context, attempt, type), watch);
        var stream = await response.Content.ReadAsStreamAsync(watch.Token).ConfigureAwait(false);
        var end = await relay.RunAsync(stream).ConfigureAwait(false);
        return StreamAttempt.Conclude(context, attempt, relay.Committed, relay.Tail, end);
    }

    private static string TypeOf(HttpResponseMessage response) =>
        response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var types) && Ascii.IsValid(types.ToString()) ? types.ToString() : Unnamed;

    private static bool Is(string type, string media) =>
        type.StartsWith(media, StringComparison.OrdinalIgnoreCase) && (type.Length == media.Length || type[media.Length] is ';' or ' ');
}
