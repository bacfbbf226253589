using System.Collections.Concurrent;
using System.Threading.Channels;
using Gateway.Events;

namespace Gateway.Tests.Events;

/// <summary>What every event bus does. Each test uses a topic of its own, so that a bus may be shared.</summary>
public abstract class EventBusContract : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>A topic of this test.</summary>
    protected string Topic { get; } = "contract-" + Guid.NewGuid().ToString("N");

    private protected IEventBus Bus { get; private set; } = null!;

    private protected abstract Task<IEventBus> OpenAsync();

    /// <summary>Closes what <see cref="OpenAsync"/> opened.</summary>
    protected abstract Task CloseAsync();

    /// <summary>Lets the wait before the next try pass.</summary>
    protected abstract Task PassRetryAsync();

    /// <summary>Completes when a subscription that was just made receives what is published.</summary>
    protected virtual Task ListeningAsync() => Task.CompletedTask;

    /// <summary>How often an event is handed over before it goes to the dead letters.</summary>
    protected virtual int Tries => 10;

    public async Task InitializeAsync() => Bus = await OpenAsync();

    public Task DisposeAsync() => CloseAsync();

    [Fact]
    public async Task Publish_ToASubscriber_DeliversEveryEventAsItIs()
    {
        var received = Channel.CreateUnbounded<BusEvent>();
        await using var subscription = Bus.Subscribe(Topic, Take(received));
        await ListeningAsync();
        await Bus.PublishAsync(Topic, [.. Enumerable.Range(0, 20).Select(Event)]);
        await Bus.PublishAsync(Topic, [Event(20)]);
        var seen = new Dictionary<string, BusEvent>();
        while (seen.Count < 21)
        {
            var happened = await NextAsync(received);
            seen[happened.Id] = happened;
        }

        for (var i = 0; i < 21; i++)
        {
            Assert.Equal("gateway.test.v1", seen[$"{Topic}-{i}"].Type);
            using var json = System.Text.Json.JsonDocument.Parse(seen[$"{Topic}-{i}"].Json);
            Assert.Equal(i, json.RootElement.GetProperty("n").GetInt32());
        }
    }

    [Fact]
    public async Task Publish_NobodyListensOrNothing_IsNoError()
    {
        await Bus.PublishAsync(Topic, []);
        await Bus.PublishAsync(Topic, [Event(1)]);
    }

    [Fact]
    public async Task Publish_OtherTopic_IsNotDelivered()
    {
        var received = Channel.CreateUnbounded<BusEvent>();
        await using var subscription = Bus.Subscribe(Topic, Take(received));
        await ListeningAsync();
        await Bus.PublishAsync(Topic + "-other", [Event(1)]);
        await Bus.PublishAsync(Topic, [Event(2)]);
        Assert.Equal($"{Topic}-2", (await NextAsync(received)).Id);
    }

    [Fact]
    public async Task Publish_Cancelled_PublishesNothing() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Bus.PublishAsync(Topic, [Event(1)], new CancellationToken(canceled: true)));

    [Fact]
    public async Task Handler_OfOneSubscription_IsCalledOneEventAtATime()
    {
        var (inside, most, count) = (0, 0, 0);
        var all = new TaskCompletionSource();
        await using var subscription = Bus.Subscribe(Topic, async (_, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            await Task.Yield();
            Interlocked.Decrement(ref inside);
            if (Interlocked.Increment(ref count) == 30)
                all.SetResult();
            return EventVerdict.Done;
        });
        await ListeningAsync();
        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Bus.PublishAsync(Topic, [Event(i)])));
        await all.Task.WaitAsync(Patience);
        Assert.Equal(1, most);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Handler_AsksToRetryOrThrows_IsHandedTheEventAgain(bool throws)
    {
        var tries = Channel.CreateUnbounded<BusEvent>();
        var count = 0;
        await using var subscription = Bus.Subscribe(Topic, (happened, _) =>
        {
            tries.Writer.TryWrite(happened);
            if (Interlocked.Increment(ref count) > 2)
                return Task.FromResult(EventVerdict.Done);
            return throws ? throw new InvalidOperationException("scripted") : Task.FromResult(EventVerdict.Retry);
        });
        await ListeningAsync();
        await Bus.PublishAsync(Topic, [Event(1)]);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal($"{Topic}-1", (await NextAsync(tries)).Id);
            if (i < 2)
                await PassRetryAsync();
        }
    }

    [Fact]
    public async Task Handler_SaysPoison_TheEventGoesToTheDeadLettersAndTheNextIsDelivered()
    {
        var dead = Channel.CreateUnbounded<BusEvent>();
        var received = Channel.CreateUnbounded<BusEvent>();
        await using var letters = Bus.Subscribe(Topics.DeadLetters(Topic), Take(dead));
        await using var subscription = Bus.Subscribe(Topic, (happened, _) =>
        {
            if (happened.Id == $"{Topic}-1")
                return Task.FromResult(EventVerdict.Poison);
            received.Writer.TryWrite(happened);
            return Task.FromResult(EventVerdict.Done);
        });
        await ListeningAsync();
        await Bus.PublishAsync(Topic, [Event(1), Event(2)]);
        Assert.Equal($"{Topic}-1", (await NextAsync(dead)).Id);
        Assert.Equal($"{Topic}-2", (await NextAsync(received)).Id);
    }

    [Fact]
    public virtual async Task Handler_NeverReady_TheEventGoesToTheDeadLetters()
    {
        var dead = Channel.CreateUnbounded<BusEvent>();
        var tried = new ConcurrentQueue<string>();
        await using var letters = Bus.Subscribe(Topics.DeadLetters(Topic), Take(dead));
        await using var subscription = Bus.Subscribe(Topic, (happened, _) =>
        {
            tried.Enqueue(happened.Id);
            return Task.FromResult(EventVerdict.Retry);
        });
        await ListeningAsync();
        await Bus.PublishAsync(Topic, [Event(1)]);
        for (var i = 1; i < Tries; i++)
            await PassRetryAsync();
        var letter = await NextAsync(dead);
        Assert.Equal($"{Topic}-1", letter.Id);
        Assert.Equal(Event(1).Json.ToArray(), letter.Json.ToArray());
        Assert.Equal(Tries, tried.Count);
    }

    [Fact]
    public async Task Subscription_Disposed_IsHandedNothingMore()
    {
        var received = Channel.CreateUnbounded<BusEvent>();
        var ended = Bus.Subscribe(Topic, Take(received));
        await ListeningAsync();
        await Bus.PublishAsync(Topic, [Event(1)]);
        await NextAsync(received);
        await ended.DisposeAsync();
        await ended.DisposeAsync();
        await Bus.PublishAsync(Topic, [Event(2)]);
        var others = Channel.CreateUnbounded<BusEvent>();
        await using var other = Bus.Subscribe(Topic, Take(others));
        await ListeningAsync();
        await Bus.PublishAsync(Topic, [Event(3)]);
        // A bus that keeps events may hand the second one to the new subscription first.
        while ((await NextAsync(others)).Id != $"{Topic}-3")
            continue;
        Assert.False(received.Reader.TryRead(out _));
    }

    /// <summary>An event of this test.</summary>
    private protected BusEvent Event(int n) => new($"{Topic}-{n}", "gateway.test.v1", System.Text.Encoding.UTF8.GetBytes($$"""{"n":{{n}}}"""));

    private protected static Func<BusEvent, CancellationToken, Task<EventVerdict>> Take(Channel<BusEvent> received) => (happened, _) =>
    {
        received.Writer.TryWrite(happened);
        return Task.FromResult(EventVerdict.Done);
    };

    private protected static Task<BusEvent> NextAsync(Channel<BusEvent> received) => received.Reader.ReadAsync().AsTask().WaitAsync(Patience);
}
