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

    // Replies of the same millisecond reset in the same time: their number decides how often a text is made.
    private static readonly ResetText?[] Recent = new ResetText?[64];

    /// <inheritdoc/>
    public void Write(GatewayContext context)
    {
        // Where the reply has just been recorded, the clock has just been read.
        var now = context.Entry is { } entry ? entry.Time.AddTicks(entry.DurationMicros * TimeSpan.TicksPerMicrosecond) : context.Time.GetUtcNow();
        var views = context.Reservation is Reservation reservation ? reservation.Views(now) : Views(context.Key!.Limits);
        var isAnthropic = context.Operation == Operation.Messages;
        if (views.Requests is { } r)
            WriteRate(context.Client, r, now, "x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests");
        if (views.Tokens is { } t)
            WriteRate(context.Client, t, now, "x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens");
        if (isAnthropic && views.Requests is { } ar)
            WriteAnthropic(context.Client, ar, "anthropic-ratelimit-requests-limit", "anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset");
        if (isAnthropic && views.Tokens is { } at)
            WriteAnthropic(context.Client, at, "anthropic-ratelimit-tokens-limit", "anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset");
        if (views.Money is { } m)
            context.Client.SetHeader(BudgetRemaining, NanoUsd.Format(m.Remaining));
    }

    /// <summary>A duration as OpenAI writes it: <c>17ms</c>, <c>1.5s</c>, <c>6m0s</c>, <c>2h3m4s</c>.</summary>
    internal static string Duration(TimeSpan time)
    {
        var milliseconds = Math.Max(0, (time.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond);
        if (milliseconds >= 60_000)
            milliseconds = (milliseconds + 999) / 1_000 * 1_000;
        ref var recent = ref Recent[milliseconds % Recent.Length];
        if (recent is not { } known || known.Milliseconds != milliseconds)
            recent = known = new(milliseconds, Format(milliseconds));
        return known.Text;
    }

    private static string Format(long milliseconds)
    {
        var seconds = milliseconds / 1_000;
        if (milliseconds < 1_000)
            return string.Create(CultureInfo.InvariantCulture, $"{milliseconds}ms");
        // In whole numbers: formatting floating point costs several times as much.
        if (milliseconds < 60_000)
            return string.Concat(string.Create(CultureInfo.InvariantCulture, $"{seconds}.{milliseconds % 1_000:D3}").AsSpan().TrimEnd('0').TrimEnd('.'), "s");
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

    /// <summary>Of a request that holds nothing: all of its key's limits.</summary>
    private LimitViews Views(IReadOnlyList<LimitSpec> limits)
    {
        var views = new LimitViews();
        foreach (var limit in limits)
        {
            if (LimitViews.Shows(limit) && book.View(limit) is { } view)
                views.Add(view);
        }

        return views;
    }

    private sealed record ResetText(long Milliseconds, string Text);
}
