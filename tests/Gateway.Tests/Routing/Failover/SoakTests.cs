using System.Diagnostics;
using Gateway.Tests.Chaos;
using Xunit.Abstractions;

namespace Gateway.Tests.Routing.Failover;

/// <summary>The short form of the soak run: 200 streams at once, a fifth of all calls going wrong.</summary>
[Collection(nameof(Alone))]
public class SoakTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Run_ShortForm_TruncatesAndLosesNothing()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Soak.dll"), "--short"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var soak = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var (report, errors) = (soak.StandardOutput.ReadToEndAsync(limit.Token), soak.StandardError.ReadToEndAsync(limit.Token));
        try
        {
            await soak.WaitForExitAsync(limit.Token);
        }
        finally
        {
            if (!soak.HasExited)
                soak.Kill(entireProcessTree: true);
        }

        output.WriteLine(await report);
        Assert.True(soak.ExitCode == 0, await report + await errors);
    }
}
