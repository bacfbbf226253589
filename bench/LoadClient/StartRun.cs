using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace LoadClient;

/// <summary>Starts a server again and again and takes the time until it has served its first chat request.</summary>
internal static class StartRun
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(2);

    public static async Task<int> RunAsync(Arguments arguments)
    {
        if (arguments.Targets.Count != 1 || arguments.Command.Length == 0)
            throw new UsageException("start wants one --target, and a command after --");
        var target = arguments.Targets[0];
        var request = RequestBytes.Chat(target, arguments.Key, stream: false);
        var times = new List<double>();
        for (var i = arguments.Number("--count", 5); i > 0; i--)
        {
            if (await StartOnceAsync(target, request, arguments.Command) is not { } time)
                return 1;
            times.Add(time);
        }

        var report = new StartReport(target.Name, times.Count, Samples.Median(times), times.Min(), times.Max());
        Console.WriteLine(JsonSerializer.Serialize(report, ReportJson.Default.StartReport));
        return 0;
    }

    /// <summary>Milliseconds; null when the server didn't serve in time.</summary>
    private static async Task<double?> StartOnceAsync(Target target, byte[] request, string[] command)
    {
        using var connection = new Connection(target.Url);
        using var limit = new CancellationTokenSource(Limit);
        var started = Stopwatch.GetTimestamp();
        using var server = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var quiet = Task.WhenAll(server.StandardOutput.ReadToEndAsync(CancellationToken.None), server.StandardError.ReadToEndAsync(CancellationToken.None));
        try
        {
            while (!limit.IsCancellationRequested && !server.HasExited)
            {
                var exchange = await connection.ExchangeAsync(request, limit.Token);
                if (exchange.Status == 200)
                    return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                await Task.Delay(Between, CancellationToken.None);
            }

            await Console.Error.WriteLineAsync(target.Name + " did not serve a request in time");
            return null;
        }
        finally
        {
            await StopAsync(server);
            await quiet;
        }
    }

    /// <summary>Asks the server to stop, as its host would, so that the next start finds no trace of a crash; kills it when it doesn't.</summary>
    private static async Task StopAsync(Process server)
    {
        using var ask = Process.Start("kill", ["-TERM", server.Id.ToString(CultureInfo.InvariantCulture)]);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await server.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync(CancellationToken.None);
        }
    }
}
