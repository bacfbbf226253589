using System.Globalization;
using Chaos;
using Chaos.Judging;
using Chaos.Scenarios;

ChaosOptions options;
try
{
    options = ChaosOptions.Parse(args);
}
catch (FormatException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    await Console.Error.WriteLineAsync(ChaosOptions.Usage);
    return 2;
}

var runs = new List<(string, Figures)>();
var isClean = true;
foreach (var replicas in options.Replicas)
{
    var (figures, verdict) = (new Figures(), new Verdict());
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{replicas} replica(s) over {options.Store}, seed {options.Seed}"));
    await Run.AsWholeAsync(options, replicas, figures, verdict);
    foreach (var violation in verdict.Describe())
        Console.WriteLine("VIOLATED " + violation);
    isClean &= verdict.IsClean;
    runs.Add((string.Create(CultureInfo.InvariantCulture, $"{replicas} replicas"), figures));
}

var table = FigureTable.Write(runs);
Console.WriteLine();
Console.Write(table);
Console.WriteLine(isClean ? "No invariant was violated." : "An invariant was VIOLATED.");
if (options.Save is not null)
    await File.WriteAllTextAsync(options.Save, string.Create(CultureInfo.InvariantCulture, $"Over {options.Store}, {options.Clients} clients, {options.Storm.TotalSeconds:0} s of faults, {options.Outage.TotalSeconds:0} s without sidecars, seed {options.Seed}.\n\n{table}"));
return isClean ? 0 : 1;
