using System.Globalization;
using System.Text;
using Gateway.Pipeline;

namespace Gateway.Routing;

/// <summary>
/// A request's way in one line of ASCII, at most <see cref="MaxLength"/> characters: <c>route=fast; 1 a/m first failed 503 provider_overloaded
/// 12ms; 2 b/m fallback completed 200 40ms; skipped c/m cooling_down</c>.
/// </summary>
internal static class DecisionLine
{
    /// <summary>Longer lines are cut and end in three dots.</summary>
    public const int MaxLength = 1_000;

    /// <summary>What is known so far.</summary>
    public static string Of(GatewayContext context)
    {
        var line = new StringBuilder(256);
        var decision = ToldRoute.DecisionOf(context);
        line.Append(CultureInfo.InvariantCulture, $"route={ToldRoute.Of(context)?.Name ?? "-"}");
        if (decision is { Rule: { } rule })
            line.Append(CultureInfo.InvariantCulture, $" rule={rule}");
        if (decision is { Arm: { } arm })
            line.Append(CultureInfo.InvariantCulture, $" arm={arm}");
        foreach (var attempt in context.Attempts)
            Append(line, new AttemptReport(context, attempt));
        foreach (var (target, reason) in decision?.Skipped ?? [])
            line.Append(CultureInfo.InvariantCulture, $"; skipped {target.Address} {DecisionWords.Of(reason)}");
        if (line.Length > MaxLength)
        {
            line.Length = MaxLength - 3;
            line.Append("...");
        }

        // Names of models come from clients: a header takes no more than this, and a comment of a stream no line feed.
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] is < ' ' or > '~')
                line[i] = '?';
        }

        return line.ToString();
    }

    private static void Append(StringBuilder line, in AttemptReport report)
    {
        var attempt = report.Attempt;
        line.Append(CultureInfo.InvariantCulture, $"; {attempt.Number} {attempt.Target.Address} {DecisionWords.Of(attempt.Reason)} {DecisionWords.Of(report.Outcome)}");
        if (report.Status is { } status)
            line.Append(CultureInfo.InvariantCulture, $" {status}");
        if (report.ErrorCode is { } code)
            line.Append(CultureInfo.InvariantCulture, $" {code}");
        line.Append(CultureInfo.InvariantCulture, $" {(long)report.Duration.TotalMilliseconds}ms");
        if (attempt.Pause > TimeSpan.Zero)
            line.Append(CultureInfo.InvariantCulture, $" after {(long)attempt.Pause.TotalMilliseconds}ms");
    }
}
