using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Gateway.Dialects;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Providers;
using Gateway.Transport;

namespace Gateway.Routing.Attempts;

/// <summary>Builds the request to a provider: the client's own body with the target's model spliced in, and an allow-list of headers.</summary>
internal static class UpstreamRequests
{
    private const string UserAgent = "ai-gateway/0.1";

    private const string IdempotencyKey = "Idempotency-Key";

    /// <summary>Client headers that mean something to a provider. Everything else stays here.</summary>
    private static readonly string[] Passed = ["OpenAI-Beta", "anthropic-version", "anthropic-beta", IdempotencyKey, "X-Client-Request-Id"];

    /// <summary>Of these, what means something to a provider of another wire.</summary>
    private static readonly string[] Translated = [IdempotencyKey, "X-Client-Request-Id"];

    public static HttpRequestMessage Create(GatewayContext context, Attempt attempt, Lane lane)
    {
        var target = attempt.Target;
        var provider = target.Provider;
        var facts = context.Request;
        var request = new HttpRequestMessage(HttpMethod.Post, provider.Endpoints[lane.Wire].For(target.Model, facts.Stream))
        {
            Content = context.Upload is { } upload
                ? upload.ContentFor(target.Model)
                : lane.Body is { } translated
                ? new SplicedContent(translated.WrittenMemory, AnthropicBetas.Splice(context, target, lane), default)
                : AnthropicBetas.Splice(context, target, lane) is { With.IsEmpty: false } betas
                ? new SplicedContent(context.Body!.WrittenMemory, betas, default, LimitSplice(context, target), facts.OwnMemberStart, facts.OwnMemberLength) // the model stands in the path, and usage is told unasked
                : new SplicedContent(context.Body!.WrittenMemory, ModelSplice(context, target), UsageSplice(context, provider), LimitSplice(context, target), facts.OwnMemberStart, facts.OwnMemberLength),
        };
        if (request.RequestUri!.Scheme == Uri.UriSchemeHttps)
            request.Version = HttpVersion.Version20; // falls back to 1.1 by negotiation
        request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;

        var headers = request.Headers;
        headers.TryAddWithoutValidation("User-Agent", UserAgent);
        headers.TryAddWithoutValidation("Accept", context.Operation.IsMedia() ? "*/*" : !facts.Stream ? "application/json" : lane.Dialect.Framing == StreamFraming.ServerSentEvents ? "text/event-stream" : lane.Dialect.StreamContentType);
        foreach (var header in lane.Wire == context.Operation ? Passed : Translated)
        {
            if (attempt.Reason is AttemptReason.Resume && header == IdempotencyKey)
                continue; // it stands for the request that was answered by half
            if (context.Client.Header(header) is { } value && Ascii.IsValid(value)) // others can't be sent
                headers.TryAddWithoutValidation(header, value);
        }

        AddOwn(headers, context, provider);
        return request;
    }

    /// <summary>The request that asks a provider for a socket.</summary>
    public static HttpRequestMessage CreateUpgrade(GatewayContext context, TargetSnapshot target)
    {
        var address = new UriBuilder(target.Provider.Endpoints[Operation.Realtime].For(target.Model, stream: true));
        address.Scheme = address.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs;
        var request = new HttpRequestMessage(HttpMethod.Get, address.Uri) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        if (context.Client.Header("OpenAI-Beta") is { } beta && Ascii.IsValid(beta))
            request.Headers.TryAddWithoutValidation("OpenAI-Beta", beta);
        AddOwn(request.Headers, context, target.Provider);
        return request;
    }

    /// <summary>What the provider's configuration and the trace want in every request.</summary>
    private static void AddOwn(HttpRequestHeaders headers, GatewayContext context, ProviderSnapshot provider)
    {
        for (var i = 0; i < provider.ExtraHeaders.Count; i++) // a foreach would allocate
        {
            var (header, value) = provider.ExtraHeaders[i];
            if (!headers.NonValidated.Contains(header)) // a version the client chose stands
                headers.TryAddWithoutValidation(header, value);
        }

        if (context.TraceParent is { } parent)
        {
            headers.TryAddWithoutValidation("traceparent", parent);
            if (context.TraceState is { } state && Ascii.IsValid(state))
                headers.TryAddWithoutValidation("tracestate", state);
        }
    }

    /// <summary>No splice when the client already wrote the target's model: the body then goes out untouched.</summary>
    private static Splice ModelSplice(GatewayContext context, TargetSnapshot target)
    {
        var facts = context.Request;
        if (facts.IsModelMissing)
            return new Splice(facts.ModelStart, 0, (byte[])[.. "\"model\":"u8, .. target.ModelJson, (byte)',']);
        if (facts.ModelLength == 0)
            return default; // it stands in the path
        var written = context.Body!.WrittenSpan.Slice(facts.ModelStart, facts.ModelLength);
        return written.SequenceEqual(target.ModelJson) ? default : new Splice(facts.ModelStart, facts.ModelLength, target.ModelJson);
    }

    /// <summary>What is left of the caller's budget, when that is less than it asked for.</summary>
    private static Splice LimitSplice(GatewayContext context, TargetSnapshot target)
    {
        if (context.ClampedOutput is not { } tokens)
            return default;
        var place = context.Request.OutputLimit;
        return new Splice(place.Start, place.Length, context.Dialect.OutputLimitBytes(place.Kind, tokens, target.Traits));
    }

    private static Splice UsageSplice(GatewayContext context, ProviderSnapshot provider)
    {
        var splice = context.Request.StreamUsage;
        return splice.Kind == UsageSpliceKind.None || !provider.SupportsStreamUsage
            ? default
            : new Splice(splice.Start, splice.Length, context.Dialect.UsageSpliceBytes(splice.Kind));
    }
}
