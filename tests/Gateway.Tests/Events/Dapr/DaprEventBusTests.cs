using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Gateway.Events;
using Gateway.Events.Dapr;
using Gateway.Tests.Testing;
using GatewayApi.Hosting;
using Microsoft.Extensions.Time.Testing;
using TestSidecar;
using TestSidecar.Faults;

namespace Gateway.Tests.Events.Dapr;

/// <summary>Events from one gateway through the sidecar back into a gateway.</summary>
public sealed class DaprEventBusTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("1.18.3")]
    [InlineData("1.16.4")]
    public async Task Publish_Several_EachComesInWithItsIdTypeAndData(string runtime)
    {
        await using var sidecar = await Sidecar.StartAsync(new SidecarOptions { RuntimeVersion = runtime });
        await using var gateway = await StartAsync(sidecar);
        var seen = new ConcurrentDictionary<string, BusEvent>();
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var bus = gateway.Get<StatePorts>().Events;
        await using var subscription = bus.Subscribe("usage", (e, _) =>
        {
            seen[e.Id] = e;
            if (seen.Count == 150)
                all.TrySetResult();
            return Task.FromResult(EventVerdict.Done);
        });
        sidecar.Add(new AppAddress("gateway", gateway.BaseUri));
        await bus.PublishAsync("usage", [.. Enumerable.Range(0, 150).Select(i => Event($"e-{i}", $"{{\"n\":{i}}}"))]);
        await all.Task.WaitAsync(Patience);
        Assert.Equal("gateway.usage.v1", seen["e-7"].Type);
        Assert.Equal("{\"n\":7}", Encoding.UTF8.GetString(seen["e-7"].Json.Span));
    }

    [Fact]
    public async Task Publish_SidecarOverRedisStartedAnew_DeliversWhatWasTakenBefore()
    {
        await using var redis = await RedisServer.StartAsync();
        var options = new SidecarOptions { Store = redis.Address };
        await using (var first = await Sidecar.StartAsync(options))
        {
            using var connection = SidecarClient.Connect(first);
            await new DaprEventBus(connection.Invoker, new DaprBusOptions(), TimeProvider.System).PublishAsync("usage", [Event("a"), Event("b")]);
        }

        await using var second = await Sidecar.StartAsync(options);
        await using var gateway = await StartAsync(second);
        var seen = new ConcurrentDictionary<string, bool>();
        var both = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var subscription = gateway.Get<StatePorts>().Events.Subscribe("usage", (e, _) =>
        {
            seen[e.Id] = true;
            if (seen.Count == 2)
                both.TrySetResult();
            return Task.FromResult(EventVerdict.Done);
        });
        second.Add(new AppAddress("gateway", gateway.BaseUri));
        await both.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task Handler_RetriesThrowsAndDuplicates_GetsEachEventAtLeastOnceAndPoisonNeverAgain()
    {
        await using var sidecar = await Sidecar.StartAsync(new SidecarOptions { RedeliverAfter = TimeSpan.FromMilliseconds(10) });
        await using var gateway = await StartAsync(sidecar);
        var calls = new ConcurrentDictionary<string, int>();
        var last = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var bus = gateway.Get<StatePorts>().Events;
        await using var subscription = bus.Subscribe("usage", (e, _) =>
        {
            var call = calls.AddOrUpdate(e.Id, 1, static (_, n) => n + 1);
            if (e.Id == "last")
                last.TrySetResult();
            return e.Id switch
            {
                "again" when call < 3 => Task.FromResult(EventVerdict.Retry),
                "throws" when call < 2 => throw new InvalidOperationException(),
                "poison" => Task.FromResult(EventVerdict.Poison),
                _ => Task.FromResult(EventVerdict.Done),
            };
        });
        sidecar.Faults.Set(Fault.Duplicate, 1);
        await bus.PublishAsync("usage", [Event("twice"), Event("again"), Event("throws"), Event("poison")]);
        sidecar.Add(new AppAddress("gateway", gateway.BaseUri));
        while (sidecar.Delivered < 4)
            await Task.Delay(10);
        await bus.PublishAsync("usage", [Event("last")]);
        await last.Task.WaitAsync(Patience);
        Assert.Equal(2, calls["twice"]);
        Assert.Equal(3, calls["again"]);
        Assert.Equal(2, calls["throws"]);
        Assert.Equal(1, calls["poison"]);
    }

    [Fact]
    public async Task Handle_AskedForAgainTooOftenAndTooLong_GoesToTheDeadLetters()
    {
        await using var sidecar = await Sidecar.StartAsync(new SidecarOptions());
        using var connection = SidecarClient.Connect(sidecar);
        var time = new FakeTimeProvider();
        var options = new DaprBusOptions();
        var bus = new DaprEventBus(connection.Invoker, options, time);
        await using var subscription = bus.Subscribe("usage", (_, _) => Task.FromResult(EventVerdict.Retry));
        for (var i = 0; i < options.Tries; i++)
            Assert.Equal(EventVerdict.Retry, await bus.HandleAsync("usage", Event("a"), CancellationToken.None));
        time.Advance(options.TryFor);
        Assert.Equal(EventVerdict.Retry, await bus.HandleAsync("usage", Event("late"), CancellationToken.None));
        Assert.Equal(EventVerdict.Done, await bus.HandleAsync("usage", Event("a"), CancellationToken.None));
    }

    [Fact]
    public async Task Publish_SidecarAwayOrAnswerLost_Throws()
    {
        await using var sidecar = await Sidecar.StartAsync(new SidecarOptions());
        using var connection = SidecarClient.Connect(sidecar);
        var bus = new DaprEventBus(connection.Invoker, new DaprBusOptions(), TimeProvider.System);
        foreach (var fault in (Fault[])[Fault.Unavailable, Fault.Drop, Fault.LostAnswer])
        {
            sidecar.Faults.Set(fault, 1);
            await Assert.ThrowsAsync<EventBusUnavailableException>(() => bus.PublishAsync("budgets", [Event("a")]));
        }

        await bus.PublishAsync("budgets", [Event("a")]);
        await sidecar.DisposeAsync();
        await Assert.ThrowsAsync<EventBusUnavailableException>(() => bus.PublishAsync("budgets", [Event("a")]));
    }

    [Fact]
    public async Task Endpoints_AppTokenSet_LetOnlyItsBearerIn()
    {
        await using var sidecar = await Sidecar.StartAsync(new SidecarOptions());
        await using var gateway = await StartAsync(sidecar, ("APP_API_TOKEN", "app-secret"));
        Assert.Equal(HttpStatusCode.Forbidden, (await gateway.Client.GetAsync("/dapr/subscribe")).StatusCode);
        gateway.Client.DefaultRequestHeaders.Add("dapr-api-token", "app-secre");
        Assert.Equal(HttpStatusCode.Forbidden, (await gateway.PostAsync("/dapr/events/budgets", "{}")).StatusCode);
        gateway.Client.DefaultRequestHeaders.Remove("dapr-api-token");
        gateway.Client.DefaultRequestHeaders.Add("dapr-api-token", "app-secret");
        Assert.Contains("\"topic\":\"usage\"", await gateway.Client.GetStringAsync("/dapr/subscribe"), StringComparison.Ordinal); // the accounting's
    }

    [Theory]
    [InlineData("""{"specversion":"1.0","id":"x","type":"t","data":{}}""", "RETRY")] // nobody has subscribed yet
    [InlineData("""{"specversion":"1.0","data":{}}""", "DROP")]
    [InlineData("not json", "DROP")]
    public async Task Delivery_WithoutAHandlerOrUnreadable_IsNeverA404(string envelope, string status)
    {
        await using var sidecar = await Sidecar.StartAsync(new SidecarOptions());
        await using var gateway = await StartAsync(sidecar);
        using var response = await gateway.PostAsync("/dapr/events/budgets", envelope);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal($$"""{"status":"{{status}}"}""", await response.Content.ReadAsStringAsync());
    }

    private static Task<GatewayHost> StartAsync(Sidecar sidecar, params (string Name, string Value)[] more) => GatewayHost.StartAsync(
        """ "events": { "bus": "dapr" }, "state": { "store": "dapr", "timeoutSeconds": 30 } """,
        environment: [.. SidecarClient.Variables(sidecar.HttpAddress, sidecar.GrpcAddress).Select(v => (v.Key, v.Value)), .. more]);

    private static BusEvent Event(string id, string json = "{}") => new(id, "gateway.usage.v1", Encoding.UTF8.GetBytes(json));
}
