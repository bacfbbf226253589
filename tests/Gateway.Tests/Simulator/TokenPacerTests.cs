using GatewayApi.Simulator;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Simulator;

/// <summary>The pace of tokens on a clock of the test.</summary>
public sealed class TokenPacerTests
{
    [Fact]
    public async Task Pace_SixtyTokensASecond_TakesASecondForSixty()
    {
        var time = new FakeTimeProvider();
        var pacer = new TokenPacer(new SimulatorOptions { TimeToFirstToken = TimeSpan.FromMilliseconds(150), TokensPerSecond = 60 }, time, 1);

        Assert.Equal(150, await RunAsync(pacer.FirstAsync, time), 0.5);
        var start = time.GetUtcNow();
        var gaps = new List<double>();
        for (var i = 0; i < 61; i++)
            gaps.Add(await RunAsync(pacer.NextAsync, time));

        Assert.InRange((time.GetUtcNow() - start).TotalMilliseconds, 990, 1030);
        Assert.Equal(0, gaps[0]);
        Assert.True(gaps.Distinct().Count() > 3, "the pace should vary");
    }

    [Fact]
    public async Task Pace_SameSeed_IsTheSame()
    {
        var runs = new List<double>[2];
        for (var run = 0; run < 2; run++)
        {
            var time = new FakeTimeProvider();
            var pacer = new TokenPacer(new SimulatorOptions(), time, 42);
            runs[run] = [];
            for (var i = 0; i < 10; i++)
                runs[run].Add(await RunAsync(pacer.NextAsync, time));
        }

        Assert.Equal(runs[0], runs[1]);
    }

    [Fact]
    public async Task Pace_Zero_NeverWaits()
    {
        var pacer = new TokenPacer(new SimulatorOptions { TimeToFirstToken = TimeSpan.Zero, TokensPerSecond = 0 }, new FakeTimeProvider(), 1);

        await pacer.FirstAsync(default);
        await pacer.AllAsync(1_000_000, default);
    }

    [Fact]
    public async Task All_Tokens_TakesAsLongAsOneByOne()
    {
        var time = new FakeTimeProvider();
        var pacer = new TokenPacer(new SimulatorOptions { TimeToFirstToken = TimeSpan.FromMilliseconds(100), TokensPerSecond = 10 }, time, 1);

        Assert.InRange(await RunAsync(cancellation => pacer.AllAsync(11, cancellation), time), 1_100, 1_170);
    }

    // Milliseconds on the fake clock until the wait is over.
    private static async Task<double> RunAsync(Func<CancellationToken, ValueTask> wait, FakeTimeProvider time)
    {
        var start = time.GetUtcNow();
        var task = wait(CancellationToken.None).AsTask();
        while (!task.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(0.5));
            await Task.Yield();
        }

        await task;
        return (time.GetUtcNow() - start).TotalMilliseconds;
    }
}
