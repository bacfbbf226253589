using System.Globalization;
using System.Text;
using Gateway.Metering;
using Gateway.Routing;

namespace Gateway.Pipeline;

/// <summary>The headers the gateway adds to replies.</summary>
internal static class ReplyHeaders
{
    public const string RequestId = "x-request-id";
    public const string Provider = "x-gateway-provider";
    public const string Model = "x-gateway-model";
    public const string Attempts = "x-gateway-attempts";
    public const string Cost = "x-gateway-cost-usd";

    /// <summary>The output tokens that the caller's budget still allowed, when that was less than the request asked for.</summary>
    public const string Clamped = "x-gateway-clamped";

    public const string Dropped = "x-gateway-dropped";

    /// <summary>A client that sends this header with <c>1</c> gets an error instead of an answer to less than it asked.</summary>
    public const string Strict = "x-gateway-strict";

    /// <summary>Says <c>resume</c> on streams that are gone on with when they break off.</summary>
    public const string Rescue = "x-gateway-rescue";

    private const int MaxDropped = 2_000;

    /// <summary>A client that sends this header with <c>1</c> gets the facts of a stream as a comment before its end.</summary>
    public const string WantsStreamFacts = "x-gateway-stream-facts";

    /// <summary>A client that sends this header with <c>1</c> is told which way its request took, and the gateway keeps a record of it for a while.</summary>
    public const string WantsDecision = "x-gateway-explain";

    public const string Decision = "x-gateway-decision";

    private static readonly string[] SmallNumbers = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

    /// <summary>Sets everything known at the time the reply starts. The request's id is not among it: the host says it in every reply.</summary>
    public static void Write(GatewayContext context)
    {
        var client = context.Client;
        if (context.Target is { } target)
        {
            client.SetHeader(Provider, target.Provider.Id);
            client.SetHeader(Model, Ascii.IsValid(target.Model) ? target.Model : Uri.EscapeDataString(target.Model));
            client.SetHeader(Attempts, context.Attempts.Count < 10 ? SmallNumbers[context.Attempts.Count] : context.Attempts.Count.ToString(CultureInfo.InvariantCulture));
        }

        if (context.Rescue is not null)
            client.SetHeader(Rescue, "resume");
        if (context.Dropped is { Paths.Count: > 0 } dropped)
            client.SetHeader(Dropped, Listed(dropped.Paths));
        if (context.Entry is { } entry && !entry.Streamed && entry.Attempts > 0)
            client.SetHeader(Cost, NanoUsd.Format(entry.CostNanoUsd));
        if (context.ClampedOutput is { } output)
            client.SetHeader(Clamped, output.ToString(CultureInfo.InvariantCulture));
        if (IsExplained(context))
            client.SetHeader(Decision, DecisionLine.Of(context));
        context.LimitHeaders?.Write(context);
        client.SetHeader("Server-Timing", ServerTiming(context));
    }

    /// <summary>Whether the caller, who is known, wants to know which way its request took.</summary>
    public static bool IsExplained(GatewayContext context) => context.Key is not null && context.Client.Header(WantsDecision) == "1";

    private static string Listed(IReadOnlyList<string> paths)
    {
        var list = string.Join(", ", paths);
        if (list.Length > MaxDropped)
            list = list[..MaxDropped] + "…";
        return string.Create(list.Length, list, static (to, from) =>
        {
            for (var i = 0; i < from.Length; i++)
                to[i] = from[i] is >= ' ' and <= '~' ? from[i] : '?'; // names come from clients; a header takes no more
        });
    }

    /// <summary>W3C Server Timing: what the gateway itself took, and how long the provider let it wait, in milliseconds.</summary>
    private static string ServerTiming(GatewayContext context)
    {
        var upstream = (long)context.UpstreamTime.TotalMicroseconds;
        var own = Math.Max(0, (long)context.Elapsed.TotalMicroseconds - upstream);
        // Whole and thousandth parts as integers: formatting floating point costs several times as much.
        return string.Create(CultureInfo.InvariantCulture, stackalloc char[64], $"gateway;dur={own / 1000}.{own % 1000:D3}, upstream;dur={upstream / 1000}.{upstream % 1000:D3}");
    }
}
