using Dapr;
using Gateway.Events.Dapr;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Primitives;

namespace GatewayApi.Endpoints;

/// <summary>
/// An endpoint for each topic that has a subscription now, marked with it: so Dapr's own subscribe handler tells the sidecar of just these, whenever
/// it asks.
/// </summary>
internal sealed class DaprTopics : EndpointDataSource, IDisposable
{
    private readonly DaprEventBus _bus;
    private readonly Func<HttpContext, string, Task> _deliver;
    private readonly Func<string, EndpointDescription> _describe;
    private readonly Lock _gate = new();
    private CancellationTokenSource _changed = new();

    /// <param name="bus">Who subscribes.</param>
    /// <param name="deliver">Takes an event of a topic.</param>
    /// <param name="describe">Describes the endpoint of a topic.</param>
    public DaprTopics(DaprEventBus bus, Func<HttpContext, string, Task> deliver, Func<string, EndpointDescription> describe)
    {
        (_bus, _deliver, _describe) = (bus, deliver, describe);
        bus.SubscriptionsChanged += Change;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Endpoint> Endpoints => [.. _bus.SubscribedTopics.Select(Of)];

    /// <inheritdoc/>
    public override IChangeToken GetChangeToken()
    {
        lock (_gate)
            return new CancellationChangeToken(_changed.Token);
    }

    public void Dispose()
    {
        _bus.SubscriptionsChanged -= Change;
        _changed.Dispose();
    }

    private RouteEndpoint Of(string topic)
    {
        var builder = new RouteEndpointBuilder(http => _deliver(http, topic), RoutePatternFactory.Parse("/dapr/events/" + topic), 0) { DisplayName = $"events of {topic}" };
        builder.Metadata.Add(new HttpMethodMetadata(["POST"]));
        builder.Metadata.Add(new TopicAttribute(_bus.Component, topic));
        builder.Metadata.Add(_describe(topic));
        return (RouteEndpoint)builder.Build();
    }

    private void Change()
    {
        CancellationTokenSource before;
        lock (_gate)
            (before, _changed) = (_changed, new CancellationTokenSource());
        before.Cancel();
        before.Dispose();
    }
}
