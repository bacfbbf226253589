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
        using var one = _pool.Rent(Long, TimeProvider.System);
        using var other = _pool.Rent(Long, TimeProvider.System);
        Assert.NotSame(one.Source, other.Source);
    }

    [Fact]
    public void Rent_AfterOneThatWasCancelled_IsAnother()
    {
        var cancelled = _pool.Rent(Long, TimeProvider.System);
        cancelled.Source.Cancel();
        cancelled.Dispose();
        Assert.NotSame(cancelled.Source, Use(Long));
    }

    [Fact]
    public void Rent_AfterOneWhoseTimeWasUp_IsAnother()
    {
        var late = _pool.Rent(TimeSpan.Zero, TimeProvider.System);
        Assert.True(late.Source.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(30)));
        late.Dispose();
        Assert.NotSame(late.Source, Use(Long));
    }

    [Fact]
    public void Rent_OfAnotherClock_IsItsOwn()
    {
        var time = new FakeTimeProvider();
        var pooled = Use(Long);
        using var limit = _pool.Rent(Long, time);
        Assert.NotSame(pooled, limit.Source);
        time.Advance(Long);
        Assert.True(limit.Source.IsCancellationRequested);
    }

    [Fact]
    public void Cancel_ByItsNextUser_TellsNothingToTheLast()
    {
        var wasTold = false;
        CancellationTokenSource source;
        using (var first = _pool.Rent(Long, TimeProvider.System))
        {
            source = first.Source;
            source.Token.Register(() => wasTold = true);
        }

        using var second = _pool.Rent(Long, TimeProvider.System);
        Assert.Same(source, second.Source);
        second.Source.Cancel();
        Assert.False(wasTold);
    }

    [Fact]
    public void Return_RacingItsTimer_NeverKeepsOneThatGoesOff()
    {
        for (var i = 0; i < 300; i++)
        {
            using (_pool.Rent(TimeSpan.FromMilliseconds(1), TimeProvider.System))
                Thread.SpinWait(i * 200); // about when the timer goes off, before and after
            using var next = _pool.Rent(Long, TimeProvider.System);
            Thread.SpinWait(1_000);
            Assert.False(next.Source.IsCancellationRequested);
        }
    }

    private CancellationTokenSource Use(TimeSpan limit)
    {
        using var lease = _pool.Rent(limit, TimeProvider.System);
        return lease.Source;
    }
}
