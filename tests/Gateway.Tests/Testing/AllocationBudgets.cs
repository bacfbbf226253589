using System.Text.Json;

namespace Gateway.Tests.Testing;

/// <summary>The allocation budgets of bench/budgets.json, and how what they bound is measured.</summary>
internal static class AllocationBudgets
{
    /// <summary>Every budget: the most bytes an operation may allocate each time, once warm.</summary>
    public static Dictionary<string, long> All()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "bench", "budgets.json")));
        return json.RootElement.GetProperty("maxBytesPerOperation").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetInt64());
    }

    /// <summary>Bytes an operation allocates on this thread, on the average of so many runs; it should be warm.</summary>
    public static long Measure(int runs, Action operation)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < runs; i++)
            operation();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / runs;
    }
}
