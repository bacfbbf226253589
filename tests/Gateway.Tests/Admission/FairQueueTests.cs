using CsCheck;
using Gateway.Admission;
using Gateway.Tests.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Admission;

public sealed class FairQueueTests
{
    private const string Ask = """{"model":"up/m","messages":[]}""";
    private const string Ok = """{"choices":[{"index":0,"finish_reason":"stop"}]}""";

    /// <summary>While several tenants wait, each is served by its weight: never behind or ahead by more than a turn.</summary>
    [Fact]
    public void Leave_TenantsThatAllWait_AreServedByTheirWeights() =>
        Gen.Select(Gen.Int[1, 8].Array[2, 6], Gen.Int[0, 1_000]).Sample((weights, seed) =>
        {
            var queue = new FairQueue();
            Assert.True(queue.TryEnter(1));
            var random = new Random(seed);
            const int each = 40;
            var lines = weights.SelectMany((weight, tenant) => Enumerable.Repeat(tenant, each)).OrderBy(_ => random.Next())
                .Select(tenant => (Tenant: tenant, Waiter: queue.Enqueue($"t{tenant}", weights[tenant], 10_000)!)).ToList();
            var served = new int[weights.Length];
            while (served.Max() < each)
            {
                queue.Leave();
                var next = lines.Single(line => line.Waiter.Turn.IsCompleted);
                lines.Remove(next);
                served[next.Tenant]++;
                for (var tenant = 0; tenant < weights.Length; tenant++)
                {
                    for (var other = 0; other < weights.Length; other++)
                        Assert.True(served[tenant] / weights[tenant] <= (served[other] / weights[other]) + 1, $"{string.Join(',', served)} by {string.Join(',', weights)}");
                }
            }
        });

    [Fact]
    public async Task Enqueue_RoomTaken_MakesTheGreediestGiveUpItsLast()
    {
        var queue = new FairQueue();
        Assert.True(queue.TryEnter(1));
        var greedy = Enumerable.Range(0, 4).Select(_ => queue.Enqueue("greedy", 1, 4)!).ToList();
        Assert.Null(queue.Enqueue("greedy", 1, 4));

        var modest = queue.Enqueue("modest", 1, 4);

        Assert.NotNull(modest);
        Assert.False(await greedy[3].Turn);
        Assert.Equal(4, queue.Waiting);
        queue.Leave();
        queue.Leave();
        Assert.True(greedy[0].Turn.IsCompleted && modest.Turn.IsCompleted);
    }

    [Fact]
    public async Task EnterAndLeave_ManyAtOnce_NeverTooManyAndNobodyIsForgotten()
    {
        const int limit = 3;
        var queue = new FairQueue();
        var running = 0;
        var most = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 5_000), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, cancellation) =>
        {
            if (!queue.TryEnter(limit))
                Assert.True(await queue.Enqueue($"t{i % 5}", (i % 5) + 1, 1_000)!.Turn.WaitAsync(TimeSpan.FromSeconds(60), cancellation));
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            await Task.Yield();
            Interlocked.Decrement(ref running);
            queue.Leave();
        });

        Assert.InRange(most, 1, limit);
        Assert.Equal((0, 0), (queue.Running, queue.Waiting));
    }

    [Fact]
    public async Task Requests_AboveTheLimit_WaitForTheirTurn()
    {
        var release = new TaskCompletionSource();
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Reply(200, "application/json").Wait(release.Task).Write(Ok));
        await using var gateway = await GatewayHost.StartAsync(upstream, """ "limits": { "maxConcurrentRequests": 1, "maxQueueWait": 60 } """);
        var first = gateway.PostAsync("/v1/chat/completions", Ask);
        await upstream.WaitForRequestAsync();
        var second = gateway.PostAsync("/v1/chat/completions", Ask);
        var queue = gateway.Get<FairQueue>();
        using (var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30)))
        {
            while (queue.Waiting == 0)
            {
                patience.Token.ThrowIfCancellationRequested();
                await Task.Yield();
            }
        }

        Assert.Single(upstream.Exchanges);
        release.SetResult();
        Assert.Equal(200, (int)(await first).StatusCode);
        Assert.Equal(200, (int)(await second).StatusCode);
    }

    [Fact]
    public async Task Requests_ThatWaitTooLong_AreShed()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Silence());
        await using var gateway = await GatewayHost.StartAsync(upstream, """ "limits": { "maxConcurrentRequests": 1, "maxQueueWait": 2 } """, time: time);
        using var leave = new CancellationTokenSource();
        var first = gateway.PostAsync("/v1/chat/completions", Ask, leave.Token);
        await upstream.WaitForRequestAsync();
        var second = gateway.PostAsync("/v1/chat/completions", Ask);
        while (!second.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        using var shed = await second;
        Assert.Equal(503, (int)shed.StatusCode);
        Assert.Equal("1", shed.Headers.GetValues("Retry-After").Single());
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        var seen = Volatile.Read(ref most);
        while (value > seen)
            seen = Interlocked.CompareExchange(ref most, value, seen) is var before && before == seen ? value : before;
    }
}
