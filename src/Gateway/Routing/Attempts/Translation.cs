using System.Text.Json;
using Gateway.Dialects;
using Gateway.Errors;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Transport;

namespace Gateway.Routing.Attempts;

/// <summary>Opens translate lanes: the client's wire → canonical model → the provider's wire.</summary>
internal sealed class Translation(MediaInliner media)
{
    /// <summary>Reads the request (a chat once for all attempts) and writes it for a target.</summary>
    /// <param name="context">The request.</param>
    /// <param name="target">Who is to be asked.</param>
    /// <param name="wire">On which wire.</param>
    /// <param name="chat">What to ask instead of the client's chat; null: that.</param>
    /// <returns>The lane, or what is wrong.</returns>
    public async ValueTask<(Lane? Lane, GatewayError? Error)> OpenAsync(GatewayContext context, TargetSnapshot target, Operation wire, ChatRequest? chat = null)
    {
        var body = new PooledBuffer(Math.Max(1024, context.Body!.Length));
        try
        {
            var dialect = DialectRegistry.For(wire);
            var (translated, problem) = dialect is null ? default : await ReadAsync(context, target, dialect, chat).ConfigureAwait(false);
            if (translated is null)
                return (null, problem ?? NotTranslated(target));
            var dropped = new DroppedMembers();
            translated.WriteRequest(body, target.Traits, dropped);
            if (dropped.Paths.Count > 0 && IsStrict(context))
                return (null, NotSaid(target, dropped));
            var lane = new Lane(wire, dialect!) { Translated = translated, Body = body, Dropped = dropped };
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

    private async ValueTask<(Translated? Translated, GatewayError? Error)> ReadAsync(GatewayContext context, TargetSnapshot target, IDialect provider, ChatRequest? instead)
    {
        var body = WithoutOwn(context.Request, context.Body!.WrittenMemory);
        if (context.Dialect.Codec is { } client && provider.Codec is { } codec)
        {
            var chat = instead ?? (context.Chat ??= client.ReadRequest(body, context.Request));
            if (instead is null)
                chat.MaxOutputTokens = context.ClampedOutput ?? chat.MaxOutputTokens;
            return await media.InlineAsync(chat, codec, target.Traits, context.Client.Gone).ConfigureAwait(false) is { } unfetched
                ? (null, unfetched)
                : (new TranslatedChat(context, chat, client, codec, target.Model), null);
        }

        if (context.Dialect.RerankCodec is { } asked && provider.RerankCodec is { } served)
            return (new TranslatedRerank(context, asked.ReadRequest(body, context.Request), asked, served, target.Model), null);
        return context.Dialect.EmbeddingCodec is { } texts && provider.EmbeddingCodec is { } vectors
            ? (new TranslatedEmbedding(context, texts.ReadRequest(body, context.Request), texts, vectors, target.Model), null)
            : default;
    }

    /// <summary>The body without what is for the gateway alone.</summary>
    private static ReadOnlyMemory<byte> WithoutOwn(RequestFacts facts, ReadOnlyMemory<byte> body) => facts.OwnMemberLength == 0
        ? body
        : (byte[])[.. body.Span[..facts.OwnMemberStart], .. body.Span[(facts.OwnMemberStart + facts.OwnMemberLength)..]];

    private static bool IsStrict(GatewayContext context) =>
        context.Route!.Strict || context.Client.Header(ReplyHeaders.Strict) is "1" or "true";

    private static GatewayError NotSaid(TargetSnapshot target, DroppedMembers dropped) =>
        new(ErrorKinds.UnsupportedParameter, $"'{target.Address}' can't be told {string.Join(", ", dropped.Paths)}, and this request is strict.") { Param = dropped.Paths[0] };

    private static GatewayError NotTranslated(TargetSnapshot target) =>
        new(ErrorKinds.UnsupportedOperation, $"Requests of this endpoint can't be translated for the provider '{target.Provider.Id}'.") { Param = "model" };
}
