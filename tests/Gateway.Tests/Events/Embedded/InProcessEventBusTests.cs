using System.Threading.Channels;
using Gateway.Events;
using Gateway.Events.Embedded;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Events.Embedded;

public sealed class InProcessEventBusTests : EventBusContract
{
    private readonly TimerWatch _time = new();
    private readonly LogCollector _log = new();

    private InProcessEventBus Embedded => (InProcessEventBus)Bus;

    private protected override Task<IEventBus> OpenAsync() =>
        Task.FromResult<IEventBus>(new InProcessEventBus(_time, _log, new InProcessBusOptions { Capacity = 64 }));

    protected override Task CloseAsync() => Embedded.DisposeAsync().AsTask();

    protected override async Task PassRetryAsync() => await _time.PassNextWaitAsync();

    [Fact]
    public async Task Publish_TwoSubscribers_BothGetIt()
    {
        var (one, two) = (Channel.CreateUnbounded<BusEvent>(), Channel.CreateUnbounded<BusEvent>());
        await using var first = Bus.Subscribe(Topic, Take(one));
        await using var second = Bus.Subscribe(Topic, Take(two));
        await Bus.PublishAsync(Topic, [Event(1)]);
        Assert.Equal((await NextAsync(one)).Id, (await NextAsync(two)).Id);
    }

    [Fact]
    public async Task Publish_RetriedEvent_KeepsTheOrderAndWaitsLongerEachTime()
    {
        var received = Channel.CreateUnbounded<BusEvent>();
        var count = 0;
        await using var subscription = Bus.Subscribe(Topic, (happened, _) =>
        {
            if (++count < 10)
                return Task.FromResult(EventVerdict.Retry);
            received.Writer.TryWrite(happened);
            return Task.FromResult(EventVerdict.Done);
        });
        await Bus.PublishAsync(Topic, [Event(1), Event(2)]);
        var waits = new List<double>();
        for (var i = 0; i < 9; i++)
            waits.Add((await _time.PassNextWaitAsync()).TotalSeconds);
        Assert.Equal([0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10, 10], waits);
        Assert.Equal($"{Topic}-1", (await NextAsync(received)).Id);
        Assert.Equal($"{Topic}-2", (await NextAsync(received)).Id);
    }

    [Fact]
    public async Task Publish_SubscriberTooFarBehind_IsUnavailableAndGoesOnLater()
    {
        var (entered, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var received = Channel.CreateUnbounded<BusEvent>();
        await using var subscription = Bus.Subscribe(Topic, async (happened, _) =>
        {
            entered.TrySetResult();
            await go.Task;
            received.Writer.TryWrite(happened);
            return EventVerdict.Done;
        });
        await Bus.PublishAsync(Topic, [Event(0)]);
        await entered.Task;
        // One is with the handler, 64 wait, and for one more there is no room.
        var publishing = Bus.PublishAsync(Topic, [.. Enumerable.Range(1, 65).Select(Event)]);
        await _time.PassNextWaitAsync();
        await Assert.ThrowsAsync<EventBusUnavailableException>(() => publishing);
        go.SetResult();
        for (var i = 0; i < 65; i++)
            Assert.Equal($"{Topic}-{i}", (await NextAsync(received)).Id);
        await Bus.PublishAsync(Topic, [Event(99)]);
        while ((await NextAsync(received)).Id != $"{Topic}-99")
            continue;
    }

    [Fact]
    public async Task Dispose_WithEventsWaiting_HandsThemOverAndBuriesWhatIsNotReady()
    {
        var go = new TaskCompletionSource();
        var (received, dead) = (new List<string>(), new List<string>());
        _ = Bus.Subscribe(Topics.DeadLetters(Topic), (happened, _) =>
        {
            dead.Add(happened.Id);
            return Task.FromResult(EventVerdict.Done);
        });
        _ = Bus.Subscribe(Topic, async (happened, _) =>
        {
            await go.Task;
            if (happened.Id == $"{Topic}-3")
                return EventVerdict.Retry;
            received.Add(happened.Id);
            return EventVerdict.Done;
        });
        await Bus.PublishAsync(Topic, [.. Enumerable.Range(0, 10).Select(Event)]);
        var disposing = Embedded.DisposeAsync().AsTask();
        Assert.False(disposing.IsCompleted);
        go.SetResult();
        await disposing;
        Assert.Equal([.. Enumerable.Range(0, 10).Where(i => i != 3).Select(i => $"{Topic}-{i}")], received);
        Assert.Equal([$"{Topic}-3"], dead);
        await Assert.ThrowsAsync<EventBusUnavailableException>(() => Bus.PublishAsync(Topic, [Event(1)]));
    }

    [Fact]
    public async Task Dispose_HandlerThatTakesTooLong_IsCancelledAndTheRestNamedAsLost()
    {
        var entered = new TaskCompletionSource();
        _ = Bus.Subscribe(Topic, async (_, cancellation) =>
        {
            entered.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellation);
            return EventVerdict.Done;
        });
        await Bus.PublishAsync(Topic, [Event(1), Event(2)]);
        await entered.Task;
        var disposing = Embedded.DisposeAsync().AsTask();
        _time.Advance(TimeSpan.FromSeconds(11));
        await disposing;
        Assert.Contains(_log.Lines, line => line.Contains($"{Topic}-2", StringComparison.Ordinal) && line.Contains("lost", StringComparison.Ordinal));
    }
}
