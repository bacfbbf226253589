using System.Text;
using FaultUpstream;
using FaultUpstream.Catalogue;

namespace Gateway.Tests.Routing.Failover;

/// <summary>docs/failover.md.</summary>
internal static class FailoverPage
{
    private static readonly (string Title, IReadOnlyList<Fault> Faults)[] Sections =
    [
        ("The provider wants fewer requests", LimitFaults.All),
        ("The provider says that it failed", StatusFaults.All),
        ("The provider refuses", RefusalFaults.All),
        ("No connection, or none that lasts", ConnectionFaults.All),
        ("The head of the answer is wrong", HeadFaults.All),
        ("The provider is silent or slow", SilenceFaults.All),
        ("A stream goes wrong", StreamFaults.All),
        ("A whole answer is wrong", BodyFaults.All),
    ];

    /// <summary>The page as it is written.</summary>
    public static string Written => File.Exists(Path) ? File.ReadAllText(Path) : "";

    private static string Path => System.IO.Path.Combine(Repository.Root, "docs", "failover.md");

    /// <summary>Whether the page says the same but for times.</summary>
    public static bool IsWritten(IReadOnlyDictionary<string, FailoverResult> results) => WithoutTimes(Render(results)) == WithoutTimes(Written);

    /// <summary>Writes the page.</summary>
    public static void Write(string page) => File.WriteAllText(Path, page);

    /// <summary>The whole page.</summary>
    public static string Render(IReadOnlyDictionary<string, FailoverResult> results)
    {
        var page = new StringBuilder();
        page.Append($"""
            # What happens when a provider goes wrong

            {Faults.All.Count} faults, each done by a real server on a real socket (`tests/FaultUpstream`), asked for as a stream and as a whole reply where that makes
            sense, once over a route with a healthy fallback and once over a route with the faulty target alone (and, where an answer breaks off, over one that continues it). Two views are recorded: what the caller got, and what the
            providers saw. This page is written by `UPDATE_DOCS=1 dotnet test --filter FailoverTests`; a test runs every row again and holds all columns but the times.

            - *calls*: of the faulty target + of the fallback. *gap*: between two calls of the faulty target. *time*: until the caller had everything. Times are rounded.
            - *answer* is the whole answer, by whom; *part, then `code`* is the beginning of an answer and the dialect's in-stream error, without a proper end.
            - *billed*: the answer, by whose price; or an estimate of what was delivered. Attempts that failed are never billed.
            - Limits of these routes: connect 1 s, first token 1 s, idle 1 s, a silence of 3 s in a whole answer, {FailoverFixture.Total.TotalSeconds:0} s in all; everything else is as it is when nothing is configured.

            Of every row the test also asserts: no hang; no part of an answer that ends as if it were whole; at most two calls of a target within 1.5 s and six in all; no
            call before `Retry-After` is up; a refusal for the request's content or form is neither repeated nor sent elsewhere; a silent target is called once.
            Other tests have clients leave at every stage, go over a rate limit, and ask every four seconds through an outage of a minute.

            The same providers serve the soak run, which holds over time what this table holds for single requests; its short form is among the tests:

            ```bash
            dotnet run -c Release --project tests/Soak -- --streams 1000 --minutes 10 --faults 20 --save soak.md
            dotnet run -c Release --project tests/Soak -- --flap    # the outage in real time, two minutes
            ```


            """.ReplaceLineEndings("\n"));
        foreach (var (title, faults) in Sections)
        {
            page.Append("## ").Append(title).Append("\n\n| the provider does | asked for | with a fallback the caller gets | calls | gap | time | billed | without one | calls | gap | time | billed |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n");
            foreach (var fault in faults)
            {
                foreach (var form in FailoverCase.All.Where(one => one.Fault == fault && one.Route == FailoverRoute.Two))
                    page.Append("| ").Append(fault.What).Append(" | ").Append(form.Asked).Append(" | ").Append(Cells(results[form.Id])).Append(" | ").Append(Cells(results[(form with { Route = FailoverRoute.One }).Id])).Append(" |\n");
            }

            page.Append('\n');
        }

        page.Append("## The same with `\"rescue\": \"resume\"`\n\nWhat breaks off is [continued](rescue.md) by the fallback: one reply, billed by what both of them did.\n\n| the provider does | asked for | the caller gets | calls | gap | time | billed |\n|---|---|---|---|---|---|---|\n");
        foreach (var one in FailoverCase.All.Where(one => one.Route == FailoverRoute.Resume))
            page.Append("| ").Append(one.Fault.What).Append(" | ").Append(one.Asked).Append(" | ").Append(Cells(results[one.Id])).Append(" |\n");
        return page.ToString().TrimEnd('\n') + "\n";
    }

    /// <summary>The page without its times, which differ a little from run to run.</summary>
    public static string WithoutTimes(string page) => string.Join('\n', page.ReplaceLineEndings("\n").Split('\n').Select(line =>
    {
        var cells = line.Split('|');
        if (cells.Length is not (9 or 14))
            return line;
        foreach (var time in (int[])[5, 6, 10, 11])
        {
            if (time < cells.Length - 1)
                cells[time] = "";
        }

        return string.Join('|', cells);
    }));

    private static string Cells(FailoverResult result) =>
        $"{Outcome(result.Caller)} | {result.PrimaryCalls}{(result.Case.HasFallback ? $" + {result.Fallback.Count}" : "")} | {(result.Gap is { } gap ? Rounded(gap) : "–")} | {Rounded(result.Caller.Took)} | {Billed(result)}";

    private static string Outcome(CallerView caller) =>
        caller.Code is null ? $"answer ({(caller.Text == FailoverFixture.PrimaryText ? "primary" : caller.Text == FailoverFixture.FallbackText ? "fallback" : caller.Text == FailoverFixture.SameText ? "both" : "TRUNCATED")})"
        : caller.Text.Length > 0 ? $"part, then `{caller.Code}`"
        : $"{caller.Status} `{caller.Code}`";

    private static string Billed(FailoverResult result) =>
        result.Bill.Cost == 0 ? "nothing"
        : result.Case.Route == FailoverRoute.Resume ? "both"
        : result.Bill.IsEstimated ? result.Caller.Code is null ? "answer, estimated" : "part, estimated"
        : result.Bill.Cost == FailoverFixture.PrimaryCost ? "primary"
        : result.Bill.Cost == FailoverFixture.FallbackCost ? "fallback"
        : $"{result.Bill.Cost}";

    private static string Rounded(TimeSpan time) => time < TimeSpan.FromSeconds(0.7) ? "< 1 s" : $"{Math.Round(time.TotalSeconds):0} s";
}
