using Gateway.Routing.Shadow;
using Gateway.Tests.Configuration;
using Gateway.Tests.Routing.Rules;

namespace Gateway.Tests.Routing.Shadow;

public sealed class ShadowQueueTests
{
    [Fact]
    public void Offer_NoRoom_DropsAndCounts()
    {
        var snapshot = Configured.Snapshot("""{ "simulator": { "enabled": true }, "rules": [ { "name": "mirror", "shadow": { "target": "simulator/s", "budgetUsdPerDay": 1 } } ] }""");
        var plan = snapshot.Rules!.Of("any")!.Rules[0].Shadow!;
        var queue = new ShadowQueue();
        using var rig = new RequestRig("""{"model":"simulator/echo","messages":[]}""", snapshot: snapshot);
        for (var i = 0; i < ShadowQueue.MostWaiting + 3; i++)
            queue.Offer(rig.Context, "mirror", plan);
        Assert.Equal((ShadowQueue.MostWaiting, 3), (queue.Waiting, queue.Dropped));

        Assert.True(queue.Copies.TryRead(out var copy));
        Assert.Equal(rig.Context.Body!.WrittenSpan.ToArray(), copy.Context.Body!.WrittenSpan.ToArray());
        Assert.NotSame(rig.Context.Body, copy.Context.Body);
        Assert.Equal(("simulator/s", "mirror", "shadow"), (copy.Context.Route!.Targets[0].Address, copy.Context.Decision!.Rule, copy.Context.Decision.Arm));
        queue.Done(copy, sent: true);
        queue.Offer(rig.Context, "mirror", plan);
        Assert.Equal((ShadowQueue.MostWaiting, 3, 1), (queue.Waiting, queue.Dropped, queue.Sent));
        while (queue.Copies.TryRead(out var left))
            queue.Done(left, sent: false);
    }

    [Fact]
    public void Offer_LargeBodies_AreBoundedByTheirBytes()
    {
        var snapshot = Configured.Snapshot("""{ "simulator": { "enabled": true }, "rules": [ { "name": "mirror", "shadow": { "target": "simulator/s", "budgetUsdPerDay": 1 } } ] }""");
        var queue = new ShadowQueue();
        using var rig = new RequestRig($$"""{"model":"simulator/echo","messages":[{"role":"user","content":"{{new string('x', 12 << 20)}}"}]}""", snapshot: snapshot);
        for (var i = 0; i < 4; i++)
            queue.Offer(rig.Context, "mirror", snapshot.Rules!.Of("any")!.Rules[0].Shadow!);
        Assert.Equal((2, 2), (queue.Waiting, queue.Dropped));
        while (queue.Copies.TryRead(out var left))
            queue.Done(left, sent: false);
    }
}
