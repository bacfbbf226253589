using Gateway.Metering;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Routing;
using Gateway.Routing.Policies;
using Gateway.Routing.Rescue;

namespace Gateway.Budgets;

/// <summary>
/// The most that a request can use and cost. First by what costs nothing to know: no text has more tokens than bytes. Counting the text comes after that, for a
/// request that does not fit otherwise.
/// </summary>
internal sealed class WorstCaseEstimator(TokenEstimator tokens)
{
    /// <summary>What providers write around a request: the rules of tool use, the form of messages.</summary>
    private const long TokensAround = 1_024;

    /// <summary>What an image, a file or a piece of audio is taken for; most are less.</summary>
    private const long TokensPerMedium = 4_096;

    /// <summary>A 1024×1536 image at high quality is 6,208.</summary>
    private const long TokensPerImageMade = 6_240;

    /// <summary>Audio at 6 kbit/s, of which 10 tokens make a second.</summary>
    private const long AudioBytesPerToken = 64;

    /// <summary>Input of one response of a Realtime session, when it begins.</summary>
    private const long RealtimeInput = 8_192;

    /// <summary>The context window of a model whose own is not known.</summary>
    private const long UsualContext = 131_072;

    /// <summary>No model writes as many, and sums of a few do not overflow.</summary>
    private const long MostTokens = long.MaxValue / 4;

    /// <summary>The bound by sizes alone.</summary>
    public static TokenBound BySize(GatewayContext context)
    {
        var facts = context.Request;
        var body = context.Body is { } taken ? taken.WrittenSpan : default;
        if (context.Operation == Operation.Realtime)
            return new TokenBound(RealtimeInput, null, 1);
        if (context.Operation.IsTranscript())
        {
            var audio = BodyBytes(context) / AudioBytesPerToken;
            return new TokenBound(audio + TokensAround, audio + TokensAround, 1);
        }

        if (context.Operation is Operation.ImageGenerations or Operation.ImageEdits)
            return new TokenBound(body.Length + TokensAround + (context.Upload is null ? 0 : 16 * TokensPerMedium), TokensPerImageMade, facts.Choices);
        if (context.Operation == Operation.Speech)
            return new TokenBound(body.Length, (2 * body.Length) + TokensAround, 1);
        if (context.Operation == Operation.Rerank)
            return RerankBound.Of(body);
        if (!context.Operation.IsChat() && context.Operation != Operation.Completions)
            return new TokenBound(body.Length + (BodyMarks.Media(body) * TokensPerMedium), 0, 1);
        return new TokenBound(body.Length + TokensAround + (BodyMarks.Media(body) * TokensPerMedium), facts.MaxOutputTokens, facts.Generations)
        {
            IsWholeContext = context.Operation == Operation.Responses ? BodyMarks.ContinuesResponse(body)
                : context.Operation == Operation.GenerateContent && BodyMarks.UsesCachedContent(body),
        };
    }

    /// <summary>The bound by counting the text; never more than the one by size.</summary>
    public TokenBound Counted(GatewayContext context, TokenBound bySize)
    {
        if (context.Body is not { } body || context.Operation.IsMedia() || context.Operation == Operation.Rerank || bySize.IsWholeContext)
            return bySize;
        var media = BodyMarks.Media(body.WrittenSpan);
        // Without media the JSON itself is counted: that is more than a model reads of it, whatever member it stands in.
        var counted = media == 0 ? tokens.CountText(body.WrittenSpan) : tokens.EstimateInput(body.WrittenSpan) + (media * TokensPerMedium);
        if (!IsCountedExactly(context))
            counted += counted / 2;
        return bySize with { Input = Math.Min(bySize.Input, counted) };
    }

    /// <summary>What a request of this bound uses and costs at most, at the dearest target that may serve it.</summary>
    public static WorstCase Of(GatewayContext context, TokenBound bound)
    {
        long cost = 0, total = 0;
        var rounds = Rounds(context);
        foreach (var target in context.Route!.Targets)
        {
            if (target.Provider.WireFor(context.Operation) is null)
                continue;
            var input = InputOf(target, bound);
            var output = (long)Int128.Min((Int128)(bound.OutputEach ?? OutputOf(context, target)) * bound.Answers, MostTokens);
            if (rounds > 1)
            {
                // Each time it is read again, with what was delivered, and may be told again as far as that.
                input = (long)Int128.Min(((Int128)input * rounds) + ((Int128)output * (rounds - 1)), MostTokens);
                output = (long)Int128.Min((Int128)output * rounds, MostTokens);
            }

            cost = Math.Max(cost, target.PriceBound?.Cost(input, output) ?? 0);
            if (bound.Searches > 0 && target.Card?.Units?.Search is { } search)
                cost = Math.Max(cost, search * bound.Searches);
            total = Math.Max(total, input + output);
        }

        return new WorstCase(cost, total, BodyBytes(context));
    }

    /// <summary>How many output tokens of each answer fit into what is left of a limit, at the dearest target; less than 1 when none does.</summary>
    /// <param name="context">The request.</param>
    /// <param name="bound">What it may use.</param>
    /// <param name="unit">The limit's unit.</param>
    /// <param name="left">How much of it is left.</param>
    public static long Affordable(GatewayContext context, TokenBound bound, LimitUnit unit, long left)
    {
        var affordable = long.MaxValue;
        left /= (2 * Rounds(context)) - 1; // input is no dearer than output
        foreach (var target in context.Route!.Targets)
        {
            if (target.Provider.WireFor(context.Operation) is null)
                continue;
            var input = InputOf(target, bound);
            var output = unit == LimitUnit.NanoUsd ? target.PriceBound?.OutputFor(left, input) ?? long.MaxValue : left - input;
            affordable = Math.Min(affordable, output);
        }

        return affordable / Math.Max(1, bound.Answers);
    }

    /// <summary>How often the request may be answered for one reply: more than once where a stream that breaks off is gone on with.</summary>
    private static int Rounds(GatewayContext context) =>
        context.Route!.Rescue == RescuePolicy.Resume && context.Request.Stream && context.Operation.IsChat() ? 1 + RescueSession.Most : 1;

    private static long InputOf(TargetSnapshot target, TokenBound bound) =>
        bound.IsWholeContext ? Math.Max(bound.Input, target.Card?.ContextWindow ?? UsualContext) : bound.Input;

    private static long OutputOf(GatewayContext context, TargetSnapshot target) =>
        target.Card?.MaxOutput ?? context.Snapshot.Limits.AssumedMaxOutputTokens;

    private static long BodyBytes(GatewayContext context) =>
        context.Body?.Length ?? Math.Min(context.Client.BodyLength ?? long.MaxValue, context.Snapshot.Limits.MaxRequestBytes);

    /// <summary>Whether every target reads text with the vocabulary that is counted with.</summary>
    private static bool IsCountedExactly(GatewayContext context)
    {
        foreach (var target in context.Route!.Targets)
        {
            if (target.Provider.Kind is not ("openai" or "azure" or "simulator"))
                return false;
        }

        return true;
    }
}
