using Gateway.Errors;
using Gateway.Jobs;
using Gateway.Jobs.Health;
using Gateway.Protocol;
using Gateway.Providers;
using Gateway.Routing.Health;
using Gateway.State;
using Gateway.Tests.Routing.Health;
using Gateway.Tests.Testing;
using Gateway.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Jobs.Health;

public class ProbeProvidersTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData(200, true)]
    [InlineData(401, true)]
    [InlineData(404, true)]
    [InlineData(500, false)]
    public async Task Probe_OfAStatus_SaysWhetherTheProviderIsThere(int status, bool up)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Json("{}", status));
        var (job, store, bus) = Job(upstream.BaseUri);
        var report = await job.RunAsync(new JobContext(DateTimeOffset.UnixEpoch, 1, null), default);
        var found = (await BoardAsync(store)).Providers.Single();
        Assert.Equal(("up", up, status, up ? null : $"It answered {status}."), (found.Provider, found.Up, found.Status, found.Reason));
        Assert.Equal((1, up ? 0 : 1), (report.Counts["probed"], report.Counts["down"]));
        Assert.Equal("/v1/models", upstream.Exchanges[0].Target);
        Assert.Equal(up ? 1 : 2, upstream.Exchanges.Count); // a failure is looked at twice
        Assert.Equal(up ? 0 : 1, bus.Events.Count);
    }

    [Fact]
    public async Task Probe_WhenAProviderGoesAndComes_TellsEachOnce()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Json("{}"));
        var (job, store, bus) = Job(upstream.BaseUri);
        foreach (var script in new[] { Script.Json("{}"), Script.Error(503), Script.Error(503), Script.Reset(), Script.Json("{}"), Script.Json("{}") })
        {
            upstream.Default = script;
            await job.RunAsync(new JobContext(DateTimeOffset.UnixEpoch, 1, null), default);
        }

        Assert.Equal(2, bus.Events.Count);
        Assert.True((await BoardAsync(store)).Providers.Single().Up);
    }

    [Fact]
    public async Task Findings_ReachTheTargetsOfEveryReplica()
    {
        var rig = new TargetRig();
        var store = new MemoryStateStore(rig.Time);
        var states = new TargetStates(rig.Time, static () => 1);
        var target = new TargetRig("m", states, rig.Time);
        target.Succeed(target.Enter());
        var exchange = new HealthExchange(store, states, "a", rig.Time);
        await WriteAsync(up: false);
        target.FailTimes(1);
        Assert.Equal(CircuitCause.Suspected, target.Circuit.Cause);
        await WriteAsync(up: true);
        target.State.Obstacle(rig.Time.GetTimestamp(), out var wait);
        Assert.InRange(wait, TimeSpan.Zero, Circuit.ShortestWait);
        Assert.Single(exchange.Probes);

        async Task WriteAsync(bool up)
        {
            var board = new ProbeBoard { Providers = [new ProviderProbe { Provider = "up", Up = up, At = rig.Time.GetUtcNow() }] };
            await store.SetAsync(ProbeBoard.Key, StateValues.Write(board, HealthJson.Default.ProbeBoard));
            await exchange.HearAsync(default);
        }
    }

    private static async Task<ProbeBoard> BoardAsync(MemoryStateStore store) =>
        StateValues.Parse(await store.GetAsync(ProbeBoard.Key), HealthJson.Default.ProbeBoard)!;

    private static (ProbeProviders Job, MemoryStateStore Store, ScriptedBus Bus) Job(Uri baseUri)
    {
        var (store, bus) = (new MemoryStateStore(), new ScriptedBus());
        var provider = new ProviderSnapshot
        {
            Id = "up",
            Kind = "openai",
            TelemetryName = "openai",
            Endpoints = OperationMap<ProviderEndpoint>.Empty,
            Timeouts = new TimeoutPolicy(),
            Probe = EndpointAddress.Join(baseUri, "/models"),
        };
        var ports = new HealthPorts { State = store, Events = bus, Providers = () => [provider], ProbeInterval = TimeSpan.FromSeconds(30), Time = TimeProvider.System, Loggers = NullLoggerFactory.Instance };
        return (new ProbeProviders(ports, new Lazy<HttpMessageInvoker>(() => OwnCalls.Create(Patience, retries: 1)), NullLogger<ProbeProviders>.Instance), store, bus);
    }
}
