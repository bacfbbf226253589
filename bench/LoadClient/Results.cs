using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace LoadClient;

/// <summary>Everything that one run of <c>load.sh</c> measured.</summary>
internal sealed class Results
{
    /// <summary>Cases in the order they ran, each with its targets.</summary>
    public required IReadOnlyList<(string Name, IReadOnlyList<LoadSummary> Targets)> Cases { get; init; }

    /// <summary>Streams at once; null: not measured.</summary>
    public StreamReport? Immediate { get; init; }

    /// <summary>Paced streams; null: not measured.</summary>
    public StreamReport? Paced { get; init; }

    public required IReadOnlyList<HoldReport> Holds { get; init; }

    public required IReadOnlyDictionary<string, HoldRow> HoldMemory { get; init; }

    public required IReadOnlyList<StartReport> Starts { get; init; }

    public static Results Read(string directory) => new()
    {
        Cases = [.. Lines(directory, "load.tsv").Select(LoadRow.Parse).GroupBy(row => row.Case).Select(rows =>
            (rows.Key, (IReadOnlyList<LoadSummary>)[.. rows.GroupBy(row => row.Target).Select(target => new LoadSummary(target.Key, [.. target]))]))],
        Immediate = Reports(directory, "immediate.json", ReportJson.Default.StreamReport).FirstOrDefault(),
        Paced = Reports(directory, "paced.json", ReportJson.Default.StreamReport).FirstOrDefault(),
        Holds = [.. Reports(directory, "hold.json", ReportJson.Default.HoldReport)],
        HoldMemory = Lines(directory, "hold.tsv").Select(HoldRow.Parse).ToDictionary(row => row.Target),
        Starts = [.. Reports(directory, "start.json", ReportJson.Default.StartReport)],
    };

    private static string[] Lines(string directory, string file)
    {
        var path = Path.Combine(directory, file);
        return File.Exists(path) ? File.ReadAllLines(path) : [];
    }

    private static IEnumerable<T> Reports<T>(string directory, string file, JsonTypeInfo<T> type) =>
        Lines(directory, file).Where(line => line.StartsWith('{')).Select(line => JsonSerializer.Deserialize(line, type)!);
}
