using System.Globalization;
using GatewayApi.Hosting;

namespace Soak;

/// <summary>The gateway as GatewayApi starts it, in a process of its own that says how large its heap is whenever it is asked.</summary>
internal static class GatewayProgram
{
    /// <summary>What a line about the heap begins with: the question, live bytes and committed bytes follow.</summary>
    public const string HeapLine = "heap ";

    /// <summary>What a question ends with that wants a collection first.</summary>
    public const string Collects = "collected";

    /// <summary>Runs it until it is told to stop.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = CommandLine.Parse(args);
        if (parsed.Problem is not null)
        {
            await Console.Error.WriteLineAsync(parsed.Problem);
            return 2;
        }

        await using var app = await GatewayApplication.BuildAsync(parsed.Startup);
        await GatewayApplication.StartAsync(app);
        var answering = AnswerAsync();
        await app.WaitForShutdownAsync();
        return answering.IsFaulted ? 1 : 0;
    }

    private static async Task AnswerAsync()
    {
        // A line is a question; what is live is counted after a collection where it says so.
        while (await Console.In.ReadLineAsync() is { } question)
        {
            if (question.EndsWith(Collects, StringComparison.Ordinal))
                GC.Collect();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{HeapLine}{question} {GC.GetTotalMemory(false)} {GC.GetGCMemoryInfo().TotalCommittedBytes}"));
        }
    }
}
