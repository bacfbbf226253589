using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Testing;

/// <summary>A clock that tells when something begins to wait, so that a test can let just that much time pass.</summary>
internal sealed class TimerWatch : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

    /// <summary>Waits until something waits, and lets its time pass.</summary>
    /// <returns>How long it waited.</returns>
    public async Task<TimeSpan> PassNextWaitAsync()
    {
        var wait = await _waits.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));
        Advance(wait);
        return wait;
    }

    /// <summary>Waits until something waits for just that long, and lets its time pass.</summary>
    public async Task PassWaitAsync(TimeSpan wait)
    {
        while (await _waits.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60)) != wait)
        {
        }

        Advance(wait);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime != Timeout.InfiniteTimeSpan)
            _waits.Writer.TryWrite(dueTime);
        return timer;
    }
}
