using System.Text.Json;
using System.Text.Unicode;
using Gateway.Dialects;
using Gateway.Pipeline;
using Gateway.Transport;

namespace Gateway.Routing.Attempts;

/// <summary>One call for a non-streamed reply. The reply is taken in whole and checked before the client sees any of it.</summary>
internal sealed class WholeAttempt(UpstreamClients clients) : BoundedAttempt(clients)
{
    protected override bool IsTimedToTheEnd => true;

    protected override ValueTask<AttemptEnd> DeliverAsync(GatewayContext context, Attempt attempt, Lane lane, HttpResponseMessage response, CancellationPool.Lease end) =>
        TakeInAsync(context, attempt, lane, response, end);

    protected override PooledBuffer? Accept(GatewayContext context, Lane lane, HttpResponseMessage response, PooledBuffer answer, ReplyFacts reply)
    {
        if (!Utf8.IsValid(answer.WrittenSpan))
            return null;
        if (lane.Translated is { } translated)
            return Translate(translated, answer, reply);
        return lane.Dialect.TryReadReply(answer.WrittenSpan, reply) ? lane.Dialect.CorrectReply(answer.WrittenSpan, context.Request) ?? answer : null;
    }

    private static PooledBuffer? Translate(Translated translated, PooledBuffer answer, ReplyFacts reply)
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
}
