using Gateway.Transport;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Transport;

public sealed class StreamWatchTests : IDisposable
{
    private static readonly TimeoutPolicy Policy = new()
    {
        FirstToken = TimeSpan.FromSeconds(10),
        Idle = TimeSpan.FromSeconds(5),
        Total = TimeSpan.FromSeconds(100),
        FinishGrace = TimeSpan.FromSeconds(2),
        KeepAliveHold = TimeSpan.FromSeconds(3),
        KeepAliveInterval = TimeSpan.FromSeconds(1),
    };

    private readonly CountingTime _time = new();
    private readonly CancellationTokenSource _gone = new();
    private StreamWatch? _watch;
    private int _keepAlives;

    public void Dispose()
    {
        _watch?.Dispose();
        _gone.Dispose();
    }

    [Fact]
    public void FirstToken_NoContent_ExpiresOnTime()
    {
        var watch = Start();
        Advance(9.99);
        Assert.False(watch.Token.IsCancellationRequested);
        Advance(0.02);
        Assert.Equal(WatchExpiry.FirstToken, watch.Expired);
        Assert.True(watch.Token.IsCancellationRequested);
    }

    [Fact]
    public void FirstToken_CountsFromTheAttempt_TotalFromTheExchange()
    {
        var began = _time.GetTimestamp();
        Advance(95);
        using var watch = new StreamWatch(_time, Policy, began, _time.GetTimestamp(), CancellationToken.None);
        Advance(4.99);
        Assert.Equal(WatchExpiry.None, watch.Expired);
        Advance(0.02);
        Assert.Equal(WatchExpiry.Total, watch.Expired);
    }

    [Fact]
    public void FirstToken_EventsWithoutContent_DoNotRestartIt()
    {
        var watch = Start();
        for (var i = 0; i < 9; i++)
            Read(watch, 1, wholeEvent: true);
        Advance(1.01);
        Assert.Equal(WatchExpiry.FirstToken, watch.Expired);
    }

    [Fact]
    public void Idle_WholeEvents_RestartIt()
    {
        var watch = Started();
        for (var i = 0; i < 10; i++)
            Read(watch, 4.9, wholeEvent: true);
        Assert.Equal(WatchExpiry.None, watch.Expired);
        Advance(5.01);
        Assert.Equal(WatchExpiry.Idle, watch.Expired);
    }

    [Fact]
    public void Idle_TrickleOfBytesWithoutAnEvent_DoesNotRestartIt()
    {
        var watch = Started();
        for (var i = 0; i < 4; i++)
            Read(watch, 1, wholeEvent: false);
        Assert.Equal(WatchExpiry.None, watch.Expired);
        Advance(1.01);
        Assert.Equal(WatchExpiry.Idle, watch.Expired);
    }

    [Fact]
    public void Idle_ClientTakesLong_IsNotTheUpstreamsSilence()
    {
        var watch = Started();
        watch.EndWait();
        Advance(60);
        Assert.Equal(WatchExpiry.None, watch.Expired);
        watch.BeginWait(afterEvent: true);
        Advance(4.99);
        Assert.Equal(WatchExpiry.None, watch.Expired);
        Advance(0.02);
        Assert.Equal(WatchExpiry.Idle, watch.Expired);
    }

    [Fact]
    public void FinishGrace_ClientTakesLong_StillGivesTheUpstreamItsTime()
    {
        var watch = Started();
        watch.EndWait();
        watch.Enter(WatchExpiry.FinishGrace);
        Advance(30);
        watch.BeginWait(afterEvent: true);
        Advance(1.99);
        Assert.Equal(WatchExpiry.None, watch.Expired);
        Advance(0.02);
        Assert.Equal(WatchExpiry.FinishGrace, watch.Expired);
    }

    [Fact]
    public void FinishGrace_EventsAfterTheFinish_DoNotRestartIt()
    {
        var watch = Started();
        watch.EndWait();
        watch.Enter(WatchExpiry.FinishGrace);
        watch.BeginWait(afterEvent: true);
        Read(watch, 1.5, wholeEvent: true);
        Advance(0.51);
        Assert.Equal(WatchExpiry.FinishGrace, watch.Expired);
    }

    [Fact]
    public void Total_BusyStream_ExpiresOnTime()
    {
        var watch = Started();
        for (var i = 0; i < 33; i++)
            Read(watch, 3, wholeEvent: true);
        Assert.Equal(WatchExpiry.None, watch.Expired);
        Advance(1);
        Assert.Equal(WatchExpiry.Total, watch.Expired);
    }

    [Fact]
    public void Total_ClientTakesLong_StillExpires()
    {
        var watch = Started();
        watch.EndWait();
        Advance(100);
        Assert.Equal(WatchExpiry.Total, watch.Expired);
    }

    [Fact]
    public void KeepAlive_Silence_BeginsAfterTheHoldAndThenEachInterval()
    {
        var watch = Start();
        Advance(2.99);
        Assert.Equal(0, _keepAlives);
        Advance(0.02);
        Assert.Equal(1, _keepAlives);
        for (var i = 0; i < 4; i++)
            Advance(1.01);
        Assert.Equal(5, _keepAlives);
        Assert.Equal(WatchExpiry.None, watch.Expired);
    }

    [Fact]
    public void KeepAlive_EventsFlow_IsNotNeeded()
    {
        var watch = Started();
        for (var i = 0; i < 20; i++)
        {
            Read(watch, 0.9, wholeEvent: true);
            watch.Sent();
        }

        Assert.Equal(0, _keepAlives);
    }

    [Fact]
    public void KeepAlive_ClientIsBeingWrittenTo_WaitsWithoutSpinning()
    {
        var watch = Started();
        watch.EndWait();
        watch.Sent();
        var changes = _time.Changes;
        for (var i = 0; i < 400; i++)
            Advance(0.1);
        Assert.Equal(0, _keepAlives);
        Assert.InRange(_time.Changes - changes, 1, 60);
        watch.BeginWait(afterEvent: true);
        Advance(1.01);
        Assert.InRange(_keepAlives, 1, 2);
    }

    [Fact]
    public void KeepAlive_CouldNotBeSent_IsTriedAgainAfterTheInterval()
    {
        using var watch = new StreamWatch(_time, Policy, _time.GetTimestamp(), _time.GetTimestamp(), CancellationToken.None);
        var asked = 0;
        watch.OnKeepAlive(() => ++asked > 100);
        Advance(3.01);
        Assert.Equal(1, asked);
        Advance(0.5);
        Assert.Equal(1, asked);
        Advance(0.6);
        Assert.Equal(2, asked);
    }

    [Fact]
    public void ClientGone_Always_CancelsWithoutExpiry()
    {
        var watch = Start();
        _gone.Cancel();
        Assert.True(watch.Token.IsCancellationRequested);
        Assert.Equal(WatchExpiry.None, watch.Expired);
    }

    [Fact]
    public void Dispose_ThenTimePasses_NothingHappens()
    {
        var watch = Start();
        watch.Dispose();
        Advance(1000);
        watch.Enter(WatchExpiry.Idle);
        Assert.Equal(WatchExpiry.None, watch.Expired);
        Assert.Equal(0, _keepAlives);
        _watch = null;
    }

    [Fact]
    public async Task Dispose_WhileTheTimerFires_IsSafe()
    {
        var policy = new TimeoutPolicy { FirstToken = TimeSpan.FromMilliseconds(2), KeepAliveHold = TimeSpan.FromMilliseconds(1), KeepAliveInterval = TimeSpan.FromMilliseconds(1) };
        await Parallel.ForAsync(0, 2_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, cancellation) =>
        {
            var time = TimeProvider.System;
            var watch = new StreamWatch(time, policy, time.GetTimestamp(), time.GetTimestamp(), CancellationToken.None);
            watch.OnKeepAlive(() => true);
            var expired = new TaskCompletionSource();
            await using var registration = watch.Token.Register(expired.SetResult);
            if (i % 4 != 0)
                await expired.Task.WaitAsync(TimeSpan.FromSeconds(30), cancellation);
            watch.Dispose();
        });
    }

    private StreamWatch Start()
    {
        _watch = new StreamWatch(_time, Policy, _time.GetTimestamp(), _time.GetTimestamp(), _gone.Token);
        _watch.OnKeepAlive(() => ++_keepAlives > 0);
        return _watch;
    }

    /// <summary>A stream whose first content has come.</summary>
    private StreamWatch Started()
    {
        var watch = Start();
        watch.BeginWait(afterEvent: false);
        watch.EndWait();
        watch.Enter(WatchExpiry.Idle);
        watch.Sent();
        watch.BeginWait(afterEvent: true);
        return watch;
    }

    private void Read(StreamWatch watch, double seconds, bool wholeEvent)
    {
        Advance(seconds);
        watch.EndWait();
        watch.BeginWait(wholeEvent);
    }

    private void Advance(double seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>Time that counts how often timers are set.</summary>
    private sealed class CountingTime : FakeTimeProvider
    {
        public int Changes { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new CountingTimer(this, base.CreateTimer(callback, state, dueTime, period));

        private sealed class CountingTimer(CountingTime time, ITimer inner) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                time.Changes++;
                return inner.Change(dueTime, period);
            }

            public void Dispose() => inner.Dispose();

            public ValueTask DisposeAsync() => inner.DisposeAsync();
        }
    }
}
