using System.Globalization;
using System.Text;
using FaultUpstream;

namespace Soak;

/// <summary>What a run came to, and what did not hold.</summary>
internal sealed class SoakReport(
    SoakOptions options, TimeSpan took, Tally tally, Tally resumed, IReadOnlyList<(TimeSpan At, int Reading, MemorySample Size)> samples, MemorySample idle, MemorySample rest,
    FaultServer primary, FaultServer fallback, IReadOnlyList<string> targets, IReadOnlyList<(string Labels, double Value)> replies, IReadOnlyList<(string Labels, double Value)> active)
{
    /// <summary>Sockets that may be there at the end and were not at the start: what is pooled for the next request.</summary>
    public const int SpareSockets = 10;

    private const double Growth = 1.15;
    private const long SpareBytes = 24L << 20;

    /// <summary>What did not hold.</summary>
    public IReadOnlyList<string> Violations { get; } = [.. Find(options, tally, resumed, samples, idle, rest, primary, fallback, active)];

    /// <summary>The report, in Markdown.</summary>
    public string Write()
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            # {options.Streams:N0} streams at once, {options.Faults} % of calls going wrong, {took.TotalSeconds:0} s

            Seed {options.Seed}, {Environment.ProcessorCount} processors. Clients, providers and the gateway share the machine; the gateway is a process of its own. {(Violations.Count == 0 ? "Everything held." : "VIOLATED:")}


            """);
        foreach (var violation in Violations)
            page.Append("- ").Append(violation).Append('\n');
        page.Append(CultureInfo.InvariantCulture, $"""

            | figure | `"rescue": "error"` | `"resume"` |
            |---|---:|---:|
            | streams | {tally.Count:N0} | {resumed.Count:N0} |
            | whole | {tally.Of(StreamEnd.Whole):N0} | {resumed.Of(StreamEnd.Whole):N0} |
            | ended in the dialect's error after a part | {tally.Of(StreamEnd.Broken):N0} | {resumed.Of(StreamEnd.Broken):N0} |
            | refused with an error before any content | {tally.Of(StreamEnd.Refused):N0} | {resumed.Of(StreamEnd.Refused):N0} |
            | left by the client | {tally.Of(StreamEnd.Left):N0} | {resumed.Of(StreamEnd.Left):N0} |
            | **truncated, and presented as whole** | **{tally.Of(StreamEnd.Truncated):N0}** | **{resumed.Of(StreamEnd.Truncated):N0}** |
            | **with text of another answer** | **{tally.Of(StreamEnd.Foreign):N0}** | **{resumed.Of(StreamEnd.Foreign):N0}** |
            | **lost** | **{tally.Of(StreamEnd.Lost):N0}** | **{resumed.Of(StreamEnd.Lost):N0}** |

            | figure | value |
            |---|---:|
            | calls of the first provider | {primary.Requests:N0} |
            | calls of the fallback | {fallback.Requests:N0} |
            | resident at rest before, MiB | {Mebi(idle.Resident)} |
            | resident at rest afterwards, MiB | {Mebi(rest.Resident)} |
            | live heap at rest before, MiB | {Mebi(idle.Live)} |
            | live heap at rest afterwards, MiB | {Mebi(rest.Live)} |
            | sockets at rest before | {idle.Sockets} |
            | sockets at rest afterwards | {rest.Sockets} |
            | requests still served by providers afterwards | {primary.Serving + fallback.Serving} |

            ## How streams ended

            | rescue | end | code | streams |
            |---|---|---|---:|

            """);
        foreach (var (end, code, count) in tally.All)
            page.Append(CultureInfo.InvariantCulture, $"| error | {end} | {code} | {count:N0} |\n");
        foreach (var (end, code, count) in resumed.All)
            page.Append(CultureInfo.InvariantCulture, $"| resume | {end} | {code} | {count:N0} |\n");
        page.Append("\n## What the gateway counted\n\n| outcome | replies |\n|---|---:|\n");
        foreach (var outcome in replies.GroupBy(reply => Label(reply.Labels, "outcome") + " " + Label(reply.Labels, "error")).OrderByDescending(group => group.Sum(reply => reply.Value)))
            page.Append(CultureInfo.InvariantCulture, $"| {outcome.Key} | {outcome.Sum(reply => reply.Value):N0} |\n");
        page.Append("\n## How the targets stood near the end\n\n");
        foreach (var target in targets)
            page.Append("- ").Append(target).Append('\n');
        page.Append("\n## Over time\n\n| s | streams | resident, MiB | heap, MiB | committed by the collector, MiB | sockets |\n|---:|---:|---:|---:|---:|---:|\n");
        foreach (var (at, reading, size) in samples)
            page.Append(CultureInfo.InvariantCulture, $"| {at.TotalSeconds:0} | {reading:N0} | {Mebi(size.Resident)} | {Mebi(size.Live)} | {Mebi(size.Committed)} | {size.Sockets:N0} |\n");
        return page.ToString();
    }

    private static IEnumerable<string> Find(
        SoakOptions options, Tally tally, Tally resumed, IReadOnlyList<(TimeSpan At, int Reading, MemorySample Size)> samples, MemorySample idle, MemorySample rest, FaultServer primary, FaultServer fallback,
        IReadOnlyList<(string Labels, double Value)> active)
    {
        foreach (var end in (StreamEnd[])[StreamEnd.Truncated, StreamEnd.Foreign, StreamEnd.Lost])
        {
            if (tally.Of(end) + resumed.Of(end) is > 0 and var count)
                yield return $"{count} streams were {end}: {string.Join("; ", tally.All.Concat(resumed.All).Where(one => one.End == end).Select(one => one.Code).Take(3))}";
        }

        foreach (var one in (Tally[])[tally, resumed])
        {
            if (one.Of(StreamEnd.Whole) < one.Count / 2)
                yield return $"only {one.Of(StreamEnd.Whole)} of {one.Count} streams were whole";
        }

        foreach (var failure in primary.Failures.Concat(fallback.Failures).Take(3))
            yield return "the provider of the test failed: " + failure;
        if (primary.Serving + fallback.Serving > 0)
            yield return $"{primary.Serving + fallback.Serving} calls of providers were left open";
        if (active.Sum(one => one.Value) is > 0 and var open)
            yield return $"{open} requests are still active in the gateway";
        if (options.IsShort)
            yield break;
        if (rest.Sockets > idle.Sockets + SpareSockets)
            yield return $"{rest.Sockets - idle.Sockets} connections were leaked";
        // The first third is for growing to the size that the load needs.
        var settled = samples.Skip(samples.Count / 3).Select(sample => sample.Size.Resident).ToList();
        if (settled.Count >= 4)
        {
            var (early, late) = (settled.Take(settled.Count / 2).Average(), settled.Skip(settled.Count / 2).Average());
            if (late > (early * Growth) + SpareBytes)
                yield return $"resident memory grew from {Mebi((long)early)} to {Mebi((long)late)} MiB";
        }
    }

    private static string Label(string labels, string name)
    {
        var start = labels.IndexOf(name + "=\"", StringComparison.Ordinal) + name.Length + 2;
        return labels[start..labels.IndexOf('"', start)];
    }

    private static string Mebi(long bytes) => (bytes / 1048576.0).ToString("0.0", CultureInfo.InvariantCulture);
}
