using System.Text.Json;
using Gateway.Dialects;
using Gateway.Errors;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Transport;

namespace Gateway.Routing.Attempts;

/// <summary>The translate lane: the client's wire → canonical model → the provider's wire, and back.</summary>
internal sealed class Translation(MediaInliner media)
{
    /// <summary>Reads the request (once for all attempts) and writes it for a target.</summary>
    /// <returns>The lane, or what is wrong.</returns>
    public async ValueTask<(Lane? Lane, GatewayError? Error)> OpenAsync(GatewayContext context, TargetSnapshot target, Operation wire)
    {
        var client = context.Dialect.Codec;
        var dialect = DialectRegistry.For(wire);
        if (client is null || dialect?.Codec is not { } codec)
            return (null, new GatewayError(ErrorKinds.UnsupportedOperation, $"Requests of this endpoint can't be translated for the provider '{target.Provider.Id}'.") { Param = "model" });
        var body = new PooledBuffer(Math.Max(1024, context.Body!.Length));
        try
        {
            var chat = context.Chat ??= client.ReadRequest(context.Body.WrittenMemory, context.Request);
            if (await media.InlineAsync(chat, codec, target.Traits, context.Client.Gone).ConfigureAwait(false) is { } unfetched)
                return (null, unfetched);
            var dropped = new DroppedMembers();
            codec.WriteRequest(body, chat, target.Traits, dropped);
            context.Dropped = dropped;
            if (dropped.Paths.Count > 0 && IsStrict(context))
                return (null, NotSaid(target, dropped));
            var lane = new Lane(wire, dialect) { Chat = chat, Body = body, Dropped = dropped };
            body = null;
            return (lane, null);
        }
        catch (RequestFormatException e)
        {
            return (null, new GatewayError(ErrorKinds.InvalidParameter, e.Message) { Param = e.Param });
        }
        catch (JsonException)
        {
            return (null, new GatewayError(ErrorKinds.InvalidJson, "The request body is not valid JSON."));
        }
        finally
        {
            body?.Dispose();
        }
    }

    /// <summary>A tap that turns a provider's stream into the client's.</summary>
    public static DialectStreamTap CreateStreamTap(GatewayContext context, TargetSnapshot target, Lane lane) => new CodecStreamTap(
        lane.Dialect.Codec!.CreateStreamDecoder(), context.Reply, context.Dialect.Codec!.CreateStreamEncoder(Envelope(context, target, lane.Chat!)));

    /// <summary>Turns a provider's whole reply into the client's.</summary>
    /// <returns>Null when it is not a reply of the provider's wire.</returns>
    public static PooledBuffer? TranslateReply(GatewayContext context, TargetSnapshot target, Lane lane, ReadOnlyMemory<byte> answer, ReplyFacts facts)
    {
        ChatReply? reply;
        try
        {
            reply = lane.Dialect.Codec!.ReadReply(answer);
        }
        catch (JsonException)
        {
            return null;
        }

        if (reply is null)
            return null;
        facts.Note(reply);
        var translated = new PooledBuffer(Math.Max(1024, answer.Length));
        context.Dialect.Codec!.WriteReply(translated, reply, Envelope(context, target, lane.Chat!));
        return translated;
    }

    private static ReplyEnvelope Envelope(GatewayContext context, TargetSnapshot target, ChatRequest chat) => new()
    {
        RequestId = context.RequestId,
        Model = target.Model,
        Created = context.Arrived,
        IncludeUsage = context.Request.WantsStreamUsage,
        Request = chat,
    };

    private static bool IsStrict(GatewayContext context) =>
        context.Route!.Strict || context.Client.Header(ReplyHeaders.Strict) is "1" or "true";

    private static GatewayError NotSaid(TargetSnapshot target, DroppedMembers dropped) =>
        new(ErrorKinds.UnsupportedParameter, $"'{target.Address}' can't be told {string.Join(", ", dropped.Paths)}, and this request is strict.") { Param = dropped.Paths[0] };
}
