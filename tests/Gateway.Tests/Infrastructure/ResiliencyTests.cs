using System.Globalization;
using System.Text.Json.Nodes;

namespace Gateway.Tests.Infrastructure;

/// <summary>The resiliency policies of both sets.</summary>
public class ResiliencyTests
{
    [Fact]
    public void Local_NamesPoliciesAndComponentsThatExist()
    {
        var spec = Yaml.Read("components/local/resiliency.yaml")["spec"]!;
        var policies = spec["policies"]!;
        var targets = spec["targets"]!["components"]!.AsObject();
        Assert.Empty(targets.Names().Except(ComponentFile.All("local").Select(component => component.Name)));
        foreach (var (_, target) in targets)
        {
            foreach (var (direction, policy) in target!.AsObject())
            {
                Assert.Contains(direction, new[] { "inbound", "outbound" });
                Assert.Contains((string)policy!["timeout"]!, policies["timeouts"].Names());
                if (policy["retry"] is { } retry)
                    Assert.Contains((string)retry!, policies["retries"].Names());
            }
        }
    }

    [Fact]
    public void Retries_AreBounded()
    {
        // Without a number Dapr retries for ever.
        foreach (var (_, retry) in Yaml.Read("components/local/resiliency.yaml")["spec"]!["policies"]!["retries"]!.AsObject())
            Assert.InRange(Number(retry!["maxRetries"]), 1, 20);
        foreach (var policy in new[] { "inboundPolicy", "outboundPolicy" })
            Assert.InRange(Number(Azure("pubsub")[policy]!["httpRetryPolicy"]!["maxRetries"]), 1, 20);
    }

    [Fact]
    public void Delivery_IsRetriedBeforeDeadLetters()
    {
        // Otherwise the sidecar gives an event to the dead letter topic at its first failure.
        Assert.NotNull(Yaml.Read("components/local/resiliency.yaml")["spec"]!["targets"]!["components"]!["pubsub"]!["inbound"]!["retry"]);
        Assert.NotNull(Azure("pubsub")["inboundPolicy"]!["httpRetryPolicy"]);
    }

    [Fact]
    public void State_IsNotRetriedBehindTheGatewaysBack()
    {
        Assert.Equal(["timeout"], Yaml.Read("components/local/resiliency.yaml")["spec"]!["targets"]!["components"]!["statestore"]!["outbound"].Names());
        Assert.Equal(["timeoutPolicy"], Azure("statestore")["outboundPolicy"].Names());
    }

    private static JsonObject Azure(string component) => Yaml.Read($"components/azure/{component}-resiliency.yaml");

    private static int Number(JsonNode? node) => int.Parse((string)node!, CultureInfo.InvariantCulture);
}
