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
        LimitView? requests = null, tokens = null, money = null;
        foreach (var limit in context.Key!.Limits)
        {
            if (limit.Kind == LimitKind.Rate && limit.Unit == LimitUnit.Requests)
                Tighten(ref requests, limit);
            else if (limit.Kind == LimitKind.Rate && limit.Unit == LimitUnit.Tokens)
                Tighten(ref tokens, limit);
            else if (limit.Kind == LimitKind.Budget && limit.Unit == LimitUnit.NanoUsd)
                Tighten(ref money, limit);
        }

        var now = context.Time.GetUtcNow();
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
        if (time < TimeSpan.FromSeconds(1))
            return string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (long)Math.Ceiling(time.TotalMilliseconds))}ms");
        if (time < TimeSpan.FromMinutes(1))
            return string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalMilliseconds) / 1000:0.###}s");
        var seconds = (long)Math.Ceiling(time.TotalSeconds);
        return seconds < 3600
            ? string.Create(CultureInfo.InvariantCulture, $"{seconds / 60}m{seconds % 60}s")
            : string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600}h{seconds / 60 % 60}m{seconds % 60}s");
    }

    private static void WriteRate(IClientExchange client, LimitView view, DateTimeOffset now, string limit, string remaining, string reset)
    {
        client.SetHeader(limit, view.Limit.Amount.ToString(CultureInfo.InvariantCulture));
        client.SetHeader(remaining, view.Remaining.ToString(CultureInfo.InvariantCulture));
        client.SetHeader(reset, Duration(view.Reset - now));
    }

    private static void WriteAnthropic(IClientExchange client, LimitView view, string limit, string remaining, string reset)
    {
        client.SetHeader(limit, view.Limit.Amount.ToString(CultureInfo.InvariantCulture));
        client.SetHeader(remaining, view.Remaining.ToString(CultureInfo.InvariantCulture));
        client.SetHeader(reset, view.Reset.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
    }

    private void Tighten(ref LimitView? tightest, LimitSpec limit)
    {
        if (book.View(limit) is { } view && (tightest is not { } least || view.Remaining < least.Remaining))
            tightest = view;
    }
}
