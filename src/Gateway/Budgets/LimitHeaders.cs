using System.Globalization;
using Gateway.Metering;
using Gateway.Pipeline;
using Gateway.Protocol;

namespace Gateway.Budgets;

/// <summary>
/// The headers of a caller with limits: of its rate limits the one with the fewest requests or tokens left, in OpenAI's form and, on Anthropic's wire, in that
/// one's; of its money budgets the one with the least left.
/// </summary>
internal sealed class LimitHeaders(AllowanceBook book) : ILimitHeaders
{
    /// <summary>Dollars left of the budget that has the least.</summary>
    public const string BudgetRemaining = "x-gateway-budget-remaining-usd";

    /// <inheritdoc/>
    public void Write(GatewayContext context)
    {
        var now = context.Time.GetUtcNow();
        var requests = Tightest(context, LimitKind.Rate, LimitUnit.Requests, now);
        var tokens = Tightest(context, LimitKind.Rate, LimitUnit.Tokens, now);
        var money = Tightest(context, LimitKind.Budget, LimitUnit.NanoUsd, now);
        var isAnthropic = context.Operation == Operation.Messages;
        if (requests is { } r)
            WriteRate(context.Client, r, now, "x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests");
        if (tokens is { } t)
            WriteRate(context.Client, t, now, "x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens");
        if (isAnthropic && requests is { } ar)
            WriteAnthropic(context.Client, ar, "anthropic-ratelimit-requests-limit", "anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset");
        if (isAnthropic && tokens is { } at)
            WriteAnthropic(context.Client, at, "anthropic-ratelimit-tokens-limit", "anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset");
        if (money is { } m)
            context.Client.SetHeader(BudgetRemaining, NanoUsd.Format(m.Remaining));
    }

    /// <summary>A duration as OpenAI writes it: <c>17ms</c>, <c>1.5s</c>, <c>6m0s</c>, <c>2h3m4s</c>.</summary>
    internal static string Duration(TimeSpan time)
    {
        var milliseconds = Math.Max(0, (time.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond);
        if (milliseconds < 1_000)
            return string.Create(CultureInfo.InvariantCulture, $"{milliseconds}ms");
        // In whole numbers: formatting floating point costs several times as much.
        if (milliseconds < 60_000)
            return string.Concat(string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1_000}.{milliseconds % 1_000:D3}").AsSpan().TrimEnd('0').TrimEnd('.'), "s");
        var seconds = (long)Math.Ceiling(time.TotalSeconds);
        return seconds < 3600
            ? string.Create(CultureInfo.InvariantCulture, $"{seconds / 60}m{seconds % 60}s")
            : string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600}h{seconds / 60 % 60}m{seconds % 60}s");
    }

    private static void WriteRate(IClientExchange client, LimitView view, DateTimeOffset now, string limit, string remaining, string reset)
    {
        client.SetHeader(limit, view.Limit.AmountText);
        client.SetHeader(remaining, view.Remaining.ToString(CultureInfo.InvariantCulture));
        client.SetHeader(reset, Duration(view.Reset - now));
    }

    private static void WriteAnthropic(IClientExchange client, LimitView view, string limit, string remaining, string reset)
    {
        client.SetHeader(limit, view.Limit.AmountText);
        client.SetHeader(remaining, view.Remaining.ToString(CultureInfo.InvariantCulture));
        client.SetHeader(reset, view.Reset.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
    }

    /// <summary>Of the limits that the request holds of; of all of its key's where it holds nothing.</summary>
    private LimitView? Tightest(GatewayContext context, LimitKind kind, LimitUnit unit, DateTimeOffset now)
    {
        if (context.Reservation is Reservation reservation)
            return reservation.Tightest(kind, unit, now);
        LimitView? tightest = null;
        foreach (var limit in context.Key!.Limits)
        {
            if (limit.Kind == kind && limit.Unit == unit && book.View(limit) is { } view)
                tightest = LimitView.Tighter(tightest, view);
        }

        return tightest;
    }
}
