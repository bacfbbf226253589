using System.Text.RegularExpressions;
using Gateway.Configuration;
using Gateway.Events;

namespace Gateway.Tests.Infrastructure;

/// <summary>The Dapr components of both sets: what the runtime wants of them, and what the gateway does.</summary>
public partial class ComponentTests
{
    /// <summary>What each type can't do without, by the types' specifications; on Azure also what names the identity.</summary>
    private static readonly Dictionary<string, string[]> Required = new()
    {
        ["state.redis"] = ["redisHost"],
        ["pubsub.redis"] = ["redisHost"],
        ["secretstores.local.file"] = ["secretsFile"],
        ["state.azure.cosmosdb"] = ["url", "database", "collection", "azureClientId"],
        ["pubsub.azure.servicebus.topics"] = ["namespaceName", "azureClientId"],
        ["secretstores.azure.keyvault"] = ["vaultName", "azureClientId"],
    };

    private static readonly string[] Apps = ["gateway", "functions"];

    public static TheoryData<string, string> Components
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var component in ComponentFile.Sets.SelectMany(ComponentFile.All))
                data.Add(component.Set, component.Name);
            return data;
        }
    }

    [Fact]
    public void Sets_HaveTheNamesThatTheGatewayAsksFor()
    {
        string[] names = [new EventsConfig().Component, new SecretsConfig().Store, new StateConfig().Component];
        foreach (var set in ComponentFile.Sets)
            Assert.Equal(names, ComponentFile.All(set).Select(component => component.Name));
    }

    [Theory]
    [MemberData(nameof(Components))]
    public void Component_HasWhatItsTypeRequires(string set, string name)
    {
        var component = Find(set, name);
        Assert.Equal("v1", component.Version);
        var given = component.Metadata.Select(item => (string)item["name"]!).ToList();
        Assert.Equal(given.Count, given.Distinct().Count());
        Assert.Empty(Required[component.Type].Except(given));
    }

    [Theory]
    [MemberData(nameof(Components))]
    public void Component_IsLoadedByNamedAppsOnly(string set, string name)
    {
        var component = Find(set, name);
        Assert.NotEmpty(component.Scopes);
        Assert.Empty(component.Scopes.Except(Apps));
        Assert.Equal(Find(ComponentFile.Sets.Single(other => other != set), name).Scopes, component.Scopes);
    }

    [Theory]
    [MemberData(nameof(Components))]
    public void Component_HoldsNoSecret(string set, string name)
    {
        foreach (var item in Find(set, name).Metadata.Where(item => SecretName().IsMatch((string)item["name"]!)))
            Assert.Equal("", (string?)item["value"] ?? "");
    }

    [Fact]
    public void StateStores_SharePrefixAmongApps()
    {
        foreach (var set in ComponentFile.Sets)
            Assert.Contains(Find(set, "statestore").Metadata, item => (string)item["name"]! == "keyPrefix" && (string)item["value"]! == "gateway");
    }

    [Fact]
    public void Subscriptions_SayTheSameInBothSets()
    {
        var local = Yaml.Read("components/local/usage-subscription.yaml");
        var azure = Yaml.Read("components/azure/usage-subscription.yaml");
        Assert.Equal(("dapr.io/v2alpha1", "Subscription"), ((string)local["apiVersion"]!, (string)local["kind"]!));
        Assert.Equal((string)local["spec"]!["pubsubname"]!, (string)azure["pubsubName"]!);
        foreach (var member in new[] { "topic", "deadLetterTopic" })
            Assert.Equal((string)local["spec"]![member]!, (string)azure[member]!);
        Assert.Equal((string)local["spec"]!["routes"]!["default"]!, (string)azure["routes"]!["default"]!);
        Assert.Equal(local["scopes"].Strings(), azure["scopes"].Strings());
        Assert.Equal((Topics.Usage, Topics.DeadLetters(Topics.Usage)), ((string)azure["topic"]!, (string)azure["deadLetterTopic"]!));
        // The gateway asks for its topics itself; a declared subscription would deliver to it twice.
        Assert.DoesNotContain("gateway", azure["scopes"].Strings());
    }

    private static ComponentFile Find(string set, string name) => ComponentFile.All(set).Single(component => component.Name == name);

    [GeneratedRegex("key$|password|secret$|token|connectionstring", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();
}
