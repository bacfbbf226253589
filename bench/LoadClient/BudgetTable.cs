namespace LoadClient;

/// <summary>The performance budgets and what the gateway took of them. Written only when the gateway was measured.</summary>
internal static class BudgetTable
{
    private const string Gateway = "gateway";

    /// <summary>False when a budget was exceeded.</summary>
    public static bool Write(TextWriter output, Results results)
    {
        List<(string What, double Measured, double Budget, bool AtLeast)> lines = [];
        if (results.Cases is [(_, var targets), ..] && Of(targets, Gateway) is { } gateway && Of(targets, "yarp") is { } yarp)
        {
            lines.Add(("CPU per request ÷ YARP, 1 KB in, 1 KB out", gateway.CpuRatio(yarp), 1.3, false));
            lines.Add(("throughput ÷ YARP, 1 KB in, 1 KB out", gateway.ThroughputRatio(yarp), 0.75, true));
            lines.Add(("errors in all cases", results.Cases.Sum(one => Of(one.Targets, Gateway)?.Errors ?? 0), 0, false));
        }

        if (Of(results.Immediate, Gateway) is { } first && Of(results.Immediate, "direct") is { } direct)
            lines.Add(("first token p50 − direct, ms", (first.FirstContentP50 - direct.FirstContentP50) / 1000, 0.3, false));
        if (Of(results.Immediate, "translated") is { } translated && Of(results.Immediate, "direct") is { } untranslated)
            lines.Add(("first token p50 of a translated stream − direct, ms", (translated.FirstContentP50 - untranslated.FirstContentP50) / 1000, 0.3, false));
        if (results.HoldMemory.TryGetValue(Gateway, out var memory))
            lines.Add(("RSS peak with slow streams held, MB", memory.PeakKilobytes / 1024, 250, false));
        if (results.Starts.FirstOrDefault(start => start.Target == Gateway) is { } started)
            lines.Add(("start to first served request, ms", started.MedianMilliseconds, 600, false));
        if (lines.Count > 0)
            lines.Add(("lost events and broken streams", Lost(results), 0, false));
        if (lines.Count == 0)
            return true;

        output.WriteLine("### Budgets\n\n| budget | measured | bound | held |\n| --- | ---: | ---: | --- |");
        foreach (var (what, measured, budget, atLeast) in lines)
            output.WriteLine($"| {what} | {measured:0.###} | {(atLeast ? "≥" : "≤")} {budget} | {(Holds(measured, budget, atLeast) ? "yes" : "**no**")} |");
        output.WriteLine();
        return lines.TrueForAll(line => Holds(line.Measured, line.Budget, line.AtLeast));
    }

    private static long Lost(Results results) =>
        Lost(Of(results.Immediate, Gateway))
        + Lost(Of(results.Paced, Gateway))
        + results.Holds.Where(hold => hold.Target == Gateway).Sum(hold => hold.LostEvents + hold.Streams - hold.Whole);

    private static long Lost(StreamFigures? figures) => figures is null ? 0 : figures.LostEvents + figures.Broken;

    private static bool Holds(double measured, double budget, bool atLeast) => atLeast ? measured >= budget : measured <= budget;

    private static LoadSummary? Of(IReadOnlyList<LoadSummary> targets, string name) => targets.FirstOrDefault(target => target.Target == name);

    private static StreamFigures? Of(StreamReport? report, string name) => report?.Targets.FirstOrDefault(target => target.Target == name);
}
