using System.Diagnostics;
using Gateway.Tests.Testing;
using Xunit.Abstractions;

namespace Gateway.Tests.Chaos;

/// <summary>The short form of the chaos run: three replicas over Redis. It prints its seed; docs/chaos.md says how to run it again.</summary>
[Collection(nameof(Alone))]
public class ChaosTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Run_ShortForm_ViolatesNoInvariant()
    {
        Assert.True(Programs.Find("redis-server") is not null, "This test needs redis-server, which is not on PATH: apt-get install -y redis-server.");
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Chaos.dll"), "--short"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var chaos = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        var (figures, errors) = (chaos.StandardOutput.ReadToEndAsync(limit.Token), chaos.StandardError.ReadToEndAsync(limit.Token));
        try
        {
            await chaos.WaitForExitAsync(limit.Token);
        }
        finally
        {
            if (!chaos.HasExited)
                chaos.Kill(entireProcessTree: true);
        }

        output.WriteLine(await figures);
        Console.WriteLine(await figures);
        Assert.True(chaos.ExitCode == 0, await figures + await errors);
    }
}
