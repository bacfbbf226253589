using Gateway.Metering;
using Gateway.Protocol;
using Gateway.Providers;
using Gateway.Routing;
using Gateway.Routing.Health;
using Gateway.Transport;

namespace Gateway.Benchmarks.Operations;

/// <summary>Targets that have answered before.</summary>
internal static class RoutingTargets
{
    /// <summary>So many, all equally fast.</summary>
    public static TargetSnapshot[] Create(int count) => [.. Enumerable.Range(0, count).Select(Create1)];

    private static TargetSnapshot Create1(int number)
    {
        var provider = new ProviderSnapshot
        {
            Id = $"provider-{number}",
            Kind = "openai",
            TelemetryName = "openai",
            Endpoints = new OperationMap<ProviderEndpoint>([KeyValuePair.Create(Operation.ChatCompletions, new ProviderEndpoint(new Uri("http://upstream.test"), "/v1/x"))]),
            Timeouts = new TimeoutPolicy(),
        };
        var target = new TargetSnapshot
        {
            Provider = provider,
            Model = "model-1",
            ModelJson = [],
            State = new TargetState($"{provider.Id}/model-1", TimeProvider.System),
            Weight = number + 1,
            Price = new ModelPrice("bench:1", 1_000_000_000, 4_000_000_000),
        };
        target.State.Latency.Asked(1);
        target.State.Latency.Answered(TimeProvider.System.GetTimestamp(), TimeSpan.FromMilliseconds(300));
        target.State.Latency.Streamed(TimeProvider.System.GetTimestamp(), 100, TimeSpan.FromSeconds(2));
        return target;
    }
}
