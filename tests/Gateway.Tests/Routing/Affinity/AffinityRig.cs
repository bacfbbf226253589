using System.Collections.Frozen;
using System.Text;
using Gateway.Admission;
using Gateway.Configuration;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Routing;
using Gateway.Routing.Policies;
using Gateway.Routing.Strategies;
using Gateway.Tests.Pipeline;
using Gateway.Tests.Routing.Strategies;
using Gateway.Transport;

namespace Gateway.Tests.Routing.Affinity;

/// <summary>Requests that have reached a route of two targets.</summary>
internal static class AffinityRig
{
    private static readonly GatewaySnapshot Snapshot = new()
    {
        Epoch = 1,
        Providers = FrozenDictionary<string, Gateway.Providers.ProviderSnapshot>.Empty,
        Models = Configured(),
        Limits = new LimitsSnapshot(),
    };

    /// <summary>A request with this body.</summary>
    public static GatewayContext Request(
        string body, AffinityPolicy affinity, string key = "k", string? customer = null, Operation operation = Operation.ChatCompletions, Action<MemoryExchange>? prepare = null)
    {
        var client = new MemoryExchange();
        prepare?.Invoke(client);
        var context = new GatewayContext(client, Snapshot, operation, PipelineRig.DialectOf(operation), "r", TimeProvider.System)
        {
            Key = new VirtualKey { Id = key, Name = key, Hash = [], Models = ["*"], CustomerId = customer },
            Route = new RouteSnapshot
            {
                Name = "r",
                Groups = [new TargetGroup(StrategyRig.Several(TimeProvider.System, "a", "b"), TargetStrategies.Create("hash")!)],
                Timeouts = new TimeoutPolicy(),
                Affinity = affinity,
                AffinityHeader = "x-session",
            },
            Body = new PooledBuffer(64),
        };
        context.Body.Append(Encoding.UTF8.GetBytes(body));
        return context;
    }

    private static IModelDirectory Configured() => Gateway.Tests.Configuration.Configured.Snapshot("{}", []).Models;
}
