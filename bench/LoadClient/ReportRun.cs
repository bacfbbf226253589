using System.Globalization;

namespace LoadClient;

/// <summary>Turns what <c>load.sh</c> left in a directory into Markdown tables on standard output.</summary>
internal static class ReportRun
{
    public static int Run(Arguments arguments)
    {
        if (arguments.Plain.Count != 1)
            throw new UsageException("report wants a directory");
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var results = Results.Read(arguments.Plain[0]);
        foreach (var (name, summaries) in results.Cases)
            LoadTable.Write(Console.Out, name, summaries);
        StreamTables.Write(Console.Out, results);
        ProcessTables.Write(Console.Out, results);
        return BudgetTable.Write(Console.Out, results) ? 0 : 1;
    }
}
