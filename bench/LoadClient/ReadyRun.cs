using System.Diagnostics;

namespace LoadClient;

/// <summary>Waits until a URL answers with 200.</summary>
internal static class ReadyRun
{
    public static async Task<int> RunAsync(Arguments arguments)
    {
        if (arguments.Plain.Count != 1)
            throw new UsageException("ready wants a URL");
        var url = new Uri(arguments.Plain[0]);
        var request = RequestBytes.Get(url);
        var seconds = arguments.Number("--seconds", 30);
        using var connection = new Connection(url);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started).TotalSeconds < seconds;)
        {
            if ((await connection.ExchangeAsync(request, limit.Token)).Status == 200)
                return 0;
            await Task.Delay(50, CancellationToken.None);
        }

        await Console.Error.WriteLineAsync($"{url} was not ready within {seconds} s");
        return 1;
    }
}
