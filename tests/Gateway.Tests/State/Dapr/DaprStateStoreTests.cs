using System.Text;
using Gateway.State;
using Gateway.State.Dapr;
using Gateway.Tests.Testing;
using GatewayApi.Hosting;
using Microsoft.Extensions.Time.Testing;
using TestSidecar;
using TestSidecar.Faults;

namespace Gateway.Tests.State.Dapr;

/// <summary>A sidecar that is down, slow or conflicting never hangs a call and never looks like an absent value.</summary>
public sealed class DaprStateStoreTests : IAsyncLifetime
{
    private static readonly byte[] One = "{\"n\":1}"u8.ToArray();

    private Sidecar _sidecar = null!;
    private DaprConnection _connection = null!;

    public async Task InitializeAsync()
    {
        _sidecar = await Sidecar.StartAsync(new SidecarOptions());
        _connection = SidecarClient.Connect(_sidecar);
    }

    public async Task DisposeAsync()
    {
        _connection.Dispose();
        await _sidecar.DisposeAsync();
    }

    [Fact]
    public async Task Get_SidecarPaused_FailsWithinTheTimeLimitAndThenAtOnce()
    {
        var time = new FakeTimeProvider();
        var store = SidecarClient.Store(_connection, new DaprStateOptions { FailuresToRest = 2 }, time);
        await store.SetAsync("a", One);
        _sidecar.Faults.Pause();
        for (var i = 0; i < 2; i++)
        {
            var call = store.GetAsync("a").AsTask();
            Assert.False(call.IsCompleted);
            time.Advance(TimeSpan.FromSeconds(2));
            await Assert.ThrowsAsync<StateUnavailableException>(() => call.WaitAsync(TimeSpan.FromSeconds(30)));
        }

        Assert.False(store.IsAvailable);
        Assert.Equal(2, store.Failures);
        var calls = _sidecar.Faults.Calls;
        await Assert.ThrowsAsync<StateUnavailableException>(async () => await store.GetAsync("a"));
        Assert.Equal(calls, _sidecar.Faults.Calls);

        _sidecar.Faults.Resume();
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(One, (await store.GetAsync("a"))!.Value.ToArray());
        Assert.True(store.IsAvailable);
    }

    [Theory]
    [InlineData(Fault.Drop)]
    [InlineData(Fault.Unavailable)]
    public async Task Get_Fault_IsUnavailableAndNotAbsent(Fault fault)
    {
        var store = SidecarClient.Store(_connection);
        await store.SetAsync("a", One);
        _sidecar.Faults.Set(fault, 1);
        await Assert.ThrowsAsync<StateUnavailableException>(async () => await store.GetAsync("a"));
        Assert.NotNull(await store.GetAsync("a"));
    }

    [Fact]
    public async Task GetMany_OneOfThemFails_ThrowsInsteadOfSayingItIsAbsent()
    {
        var store = SidecarClient.Store(_connection);
        await store.SetAsync("a", One);
        _sidecar.Faults.Set(Fault.Unavailable, 1);
        await Assert.ThrowsAsync<StateUnavailableException>(async () => await store.GetManyAsync(["a", "b"]));
    }

    [Fact]
    public async Task TrySet_AnswerLost_SaysThatItIsNotKnown()
    {
        var store = SidecarClient.Store(_connection);
        _sidecar.Faults.Set(Fault.LostAnswer, 1);
        await Assert.ThrowsAsync<StateUnavailableException>(async () => await store.TrySetAsync("a", One, null));
        Assert.Equal(One, (await store.GetAsync("a"))!.Value.ToArray());
    }

    [Fact]
    public async Task TrySet_ConflictInjected_IsFalseAndWritesNothing()
    {
        var store = SidecarClient.Store(_connection);
        _sidecar.Faults.Set(Fault.Conflict, 1);
        Assert.False(await store.TrySetAsync("a", One, null));
        Assert.Null(await store.GetAsync("a"));
        Assert.True(store.IsAvailable);
    }

    [Fact]
    public async Task Set_ConflictsInjected_WritesAfterAll()
    {
        var store = SidecarClient.Store(_connection);
        _sidecar.Faults.Set(Fault.Conflict, 3);
        await store.SetAsync("a", One);
        Assert.NotNull(await store.GetAsync("a"));
    }

    [Fact]
    public async Task Get_SidecarStartedAnewOnItsPorts_IsAnsweredAgain()
    {
        await using var redis = await RedisServer.StartAsync();
        var first = await Sidecar.StartAsync(new SidecarOptions { Store = redis.Address });
        using var connection = SidecarClient.Connect(first);
        var time = new FakeTimeProvider();
        var store = SidecarClient.Store(connection, new DaprStateOptions { FailuresToRest = 1 }, time);
        await store.SetAsync("a", One);
        await first.DisposeAsync();
        await Assert.ThrowsAsync<StateUnavailableException>(async () => await store.GetAsync("a"));
        await using var second = await Sidecar.StartAsync(
            new SidecarOptions { Store = redis.Address, HttpPort = first.HttpAddress.Port, GrpcPort = first.GrpcAddress.Port });
        Assert.NotNull(await FoundAsync(store, time).WaitAsync(TimeSpan.FromSeconds(5)));

        // The channel looks again at times of its own.
        static async Task<StateItem?> FoundAsync(DaprStateStore store, FakeTimeProvider time)
        {
            while (true)
            {
                time.Advance(TimeSpan.FromSeconds(1));
                try
                {
                    return await store.GetAsync("a");
                }
                catch (StateUnavailableException)
                {
                    await Task.Delay(50);
                }
            }
        }
    }

    [Fact]
    public async Task Gateway_SidecarGoesAway_StaysReadyAndSaysSo()
    {
        await using var gateway = await GatewayHost.StartAsync(
            """ "state": { "store": "dapr", "timeoutSeconds": 30 } """,
            environment: [.. SidecarClient.Variables(_sidecar.HttpAddress, _sidecar.GrpcAddress).Select(v => (v.Key, v.Value))]);
        var store = gateway.Get<StatePorts>().State;
        await store.SetAsync("a", One);
        Assert.Contains("\"state\":\"available\"", await gateway.Client.GetStringAsync("/health/ready"), StringComparison.Ordinal);
        Assert.Contains("gateway_state_available 1", await gateway.Client.GetStringAsync("/metrics"), StringComparison.Ordinal);
        _sidecar.Faults.Set(Fault.Unavailable, 1);
        await Assert.ThrowsAsync<StateUnavailableException>(async () => await store.GetAsync("a"));
        Assert.Contains("\"state\":\"unavailable\"", await gateway.Client.GetStringAsync("/health/ready"), StringComparison.Ordinal);
        var metrics = await gateway.Client.GetStringAsync("/metrics");
        Assert.Contains("gateway_state_available 0", metrics, StringComparison.Ordinal);
        Assert.Contains("gateway_state_failures 1", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_ComponentThatDoesNotExist_SaysSo()
    {
        var store = SidecarClient.Store(_connection, new DaprStateOptions { Component = "other", Timeout = TimeSpan.FromSeconds(30) });
        var thrown = await Assert.ThrowsAsync<StateUnavailableException>(async () => await store.GetAsync("a"));
        Assert.Contains("state store other is not found", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_OfTheSameStore_AreSharedUnderTheComponentsPrefix()
    {
        await SidecarClient.Store(_connection).SetAsync("a", One);
        using var http = new HttpClient { BaseAddress = _sidecar.HttpAddress };
        Assert.Equal(Encoding.UTF8.GetString(One), await http.GetStringAsync("/v1.0/state/statestore/a"));
    }
}
