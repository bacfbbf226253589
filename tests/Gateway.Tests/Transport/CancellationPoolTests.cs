using Gateway.Transport;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Transport;

public class CancellationPoolTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    private readonly CancellationPool _pool = new();

    [Fact]
    public void Rent_AfterAUse_IsTheSameSource()
    {
        var first = Use(Long);
        Assert.Same(first, Use(Long));
        Assert.False(first.IsCancellationRequested);
    }

    [Fact]
    public void Rent_WhileAllAreUsed_IsAnother()
    {
        using var one = Rent(Long);
        using var other = Rent(Long);
        Assert.NotSame(one.Source, other.Source);
    }

    [Fact]
    public void Rent_AfterOneThatWasCancelled_IsAnother()
    {
        var cancelled = Rent(Long);
        cancelled.Source.Cancel();
        cancelled.Dispose();
        Assert.NotSame(cancelled.Source, Use(Long));
    }

    [Fact]
    public void Rent_AfterOneWhoseTimeWasUp_IsAnother()
    {
        var late = Rent(TimeSpan.Zero);
        Assert.True(late.Source.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(30)));
        late.Dispose();
        Assert.NotSame(late.Source, Use(Long));
    }

    [Fact]
    public void Rent_OfAnotherClock_IsItsOwn()
    {
        var time = new FakeTimeProvider();
        var pooled = Use(Long);
        using var limit = _pool.Rent(time.GetTimestamp(), Long, time);
        Assert.NotSame(pooled, limit.Source);
        time.Advance(Long);
        Assert.True(limit.Source.IsCancellationRequested);
    }

    [Fact]
    public void Cancel_ByItsNextUser_TellsNothingToTheLast()
    {
        var wasTold = false;
        CancellationTokenSource source;
        using (var first = Rent(Long))
        {
            source = first.Source;
            source.Token.Register(() => wasTold = true);
        }

        using var second = Rent(Long);
        Assert.Same(source, second.Source);
        second.Source.Cancel();
        Assert.False(wasTold);
    }

    [Fact]
    public void Return_RacingItsTimer_NeverKeepsOneThatGoesOff()
    {
        for (var i = 0; i < 300; i++)
        {
            using (Rent(TimeSpan.FromMilliseconds(1)))
                Thread.SpinWait(i * 200); // about when the timer goes off, before and after
            using var next = Rent(Long);
            Thread.SpinWait(1_000);
            Assert.False(next.Source.IsCancellationRequested);
        }
    }

    [Fact]
    public void Limit_MovedOn_CountsFromThen()
    {
        var time = new FakeTimeProvider();
        using var limit = _pool.Rent(time.GetTimestamp(), Long, time);
        time.Advance(Long - TimeSpan.FromSeconds(1));
        limit.Limit(time.GetTimestamp(), Long);
        time.Advance(Long - TimeSpan.FromSeconds(1));
        Assert.False(limit.Source.IsCancellationRequested);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(limit.Source.IsCancellationRequested);
    }

    [Fact]
    public void Limit_Shortened_IsUpSooner()
    {
        var time = new FakeTimeProvider();
        using var limit = _pool.Rent(time.GetTimestamp(), Long, time);
        limit.Limit(time.GetTimestamp(), TimeSpan.FromSeconds(1));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(limit.Source.IsCancellationRequested);
    }

    [Fact]
    public void Rent_ShorterThanTheLastUse_IsUpInItsTime()
    {
        var first = Use(Long);
        using var second = Rent(TimeSpan.FromMilliseconds(1));
        Assert.Same(first, second.Source);
        Assert.True(second.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(30)));
    }

    private CancellationPool.Lease Rent(TimeSpan limit) => _pool.Rent(TimeProvider.System.GetTimestamp(), limit, TimeProvider.System);

    private CancellationTokenSource Use(TimeSpan limit)
    {
        using var lease = Rent(limit);
        return lease.Source;
    }
}
