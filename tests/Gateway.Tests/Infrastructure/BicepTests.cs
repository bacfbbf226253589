using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gateway.Events;

namespace Gateway.Tests.Infrastructure;

/// <summary>infra/bicep as the real compiler sees it.</summary>
public partial class BicepTests
{
    private const string Components = "Microsoft.App/managedEnvironments/daprComponents";

    /// <summary>Every role there may be: pull images, read and write secrets, send and receive events, the Functions host's storage.</summary>
    private static readonly string[] Roles =
    [
        "7f951dda-4ed3-4680-a7ca-43fe172d538d", "4633458b-17de-408a-b874-0445c86b69e6", "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
        "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39", "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0", "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
        "974c5e8b-45b9-4653-ba55-5f855dd0fb88", "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
    ];

    [BicepFact]
    public async Task Files_Compile_WithoutAWarning()
    {
        foreach (var name in new[] { "main", "gateway", "functions" })
        {
            var (output, errors) = await Bicep.BuildAsync(name);
            Assert.Equal("", errors);
            Assert.NotEqual("", output);
        }
    }

    [Fact]
    public void Linter_HasErrorsOnly()
    {
        var text = Comments().Replace(File.ReadAllText(RepositoryFiles.Path("infra/bicep/bicepconfig.json")), "");
        var rules = JsonNode.Parse(text)!["analyzers"]!["core"]!["rules"]!.AsObject();
        Assert.All(rules, rule => Assert.Equal("error", (string)rule.Value!["level"]!));
        Assert.InRange(rules.Count, 35, 100);
    }

    [BicepFact]
    public async Task ContainerApps_HaveIdentityProbesAndLimits()
    {
        List<JsonObject> apps = [];
        foreach (var name in new[] { "main", "gateway", "functions" })
            apps.AddRange((await Bicep.TemplateAsync(name)).OfType("Microsoft.App/containerApps"));
        Assert.Equal(["qdrant", "gateway", "functions"], apps.Select(app => (string)app["name"]!));
        foreach (var app in apps)
        {
            Assert.Equal("UserAssigned", (string)app["identity"]!["type"]!);
            Assert.NotEmpty(app["identity"]!["userAssignedIdentities"]!.AsObject());
            var template = app["properties"]!["template"]!;
            Assert.NotNull(template["scale"]!["maxReplicas"]);
            var container = Assert.Single(template["containers"].Objects());
            Assert.Equal(["Liveness", "Readiness", "Startup"], container["probes"].Objects().Select(probe => (string)probe["type"]!).Order());
            Assert.Equal(["cpu", "memory"], container["resources"].Names());
        }

        Assert.Equal("functionapp", (string)apps[2]["kind"]!);
    }

    [BicepFact]
    public async Task DaprComponents_AreThoseOfTheFiles()
    {
        var main = await Bicep.TemplateAsync("main");
        Assert.Equal(ComponentFile.All("azure").Select(component => component.Name), main.NamesOf(Components).Order(StringComparer.Ordinal));
        var dapr = main.Modules.Single(module => module.Name == "dapr");
        var loaded = dapr.Json["variables"]!.AsObject().Where(variable => variable.Key.StartsWith("$fxv#", StringComparison.Ordinal)).Select(variable => variable.Value!).ToList();
        Assert.Equal(ComponentFile.FilesOf("azure").Length, loaded.Count);
        // What stands for a value in the files is given one.
        var wanted = loaded.SelectMany(file => Placeholder().Matches(file.ToJsonString()).Select(match => match.Groups[1].Value)).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(wanted, dapr.Json["variables"]!["values"].Names().Order(StringComparer.Ordinal));
        Assert.All(main.OfType(Components), component => Assert.Contains("'values'", (string)component["properties"]!, StringComparison.Ordinal));
    }

    [BicepFact]
    public async Task Topics_AreTheGateways()
    {
        string[] topics = [.. typeof(Topics).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.Name != nameof(Topics.DeadLetterSuffix)).Select(field => (string)field.GetValue(null)!)];
        var main = await Bicep.TemplateAsync("main");
        var made = main.Modules.Single(module => module.Name == "events").Json["variables"]!["topicNames"].Strings();
        Assert.Equal(topics.Order(StringComparer.Ordinal), made.Order(StringComparer.Ordinal));
        var watched = main.OfType("Microsoft.Insights/metricAlerts").Single(alert => (string)alert["name"]! == "gateway-dead-letters");
        var dimension = watched["properties"]!["criteria"]!["allOf"]!.AsArray()[0]!["dimensions"]!.AsArray()[0]!;
        Assert.Equal(topics.Select(Topics.DeadLetters).Order(StringComparer.Ordinal), dimension["values"].Strings().Order(StringComparer.Ordinal));
    }

    [BicepFact]
    public async Task PrivateNetwork_LeavesNoPublicAccess()
    {
        var main = await Bicep.TemplateAsync("main");
        string[] services =
        [
            "Microsoft.ContainerRegistry/registries", "Microsoft.KeyVault/vaults", "Microsoft.DocumentDB/databaseAccounts",
            "Microsoft.ServiceBus/namespaces", "Microsoft.Storage/storageAccounts",
        ];
        foreach (var service in services)
            Assert.Equal("[if(parameters('isPrivate'), 'Disabled', 'Enabled')]", (string)Assert.Single(main.OfType(service))["properties"]!["publicNetworkAccess"]!);
        foreach (var deployment in main.OfType("Microsoft.Resources/deployments").Where(d => d["properties"]!["template"]!["parameters"]!["isPrivate"] is not null))
            Assert.Equal("[parameters('privateNetwork')]", (string)deployment["properties"]!["parameters"]!["isPrivate"]!["value"]!);
        var environment = Assert.Single(main.OfType("Microsoft.App/managedEnvironments"))["properties"]!;
        Assert.Equal("[if(parameters('isInternal'), 'Disabled', 'Enabled')]", (string)environment["publicNetworkAccess"]!);
        var endpoints = main.OfType("Microsoft.Resources/deployments").Single(d => ((string)d["name"]!).Contains("'endpoints-", StringComparison.Ordinal));
        Assert.Equal("[parameters('privateNetwork')]", (string)endpoints["condition"]!);
        var given = endpoints["properties"]!["parameters"]!["services"]!["value"]!.ToJsonString();
        Assert.All(["'vault'", "'Sql'", "'namespace'", "'registry'", "'blob'", "'queue'", "'table'"], group => Assert.Contains(group, Regex.Unescape(given), StringComparison.Ordinal));
    }

    [BicepFact]
    public async Task Keys_AreOff_WhereIdentitiesServe()
    {
        var main = await Bicep.TemplateAsync("main");
        JsonNode Only(string type) => Assert.Single(main.OfType(type))["properties"]!;
        Assert.False((bool)Only("Microsoft.ContainerRegistry/registries")["adminUserEnabled"]!);
        Assert.True((bool)Only("Microsoft.DocumentDB/databaseAccounts")["disableLocalAuth"]!);
        Assert.True((bool)Only("Microsoft.ServiceBus/namespaces")["disableLocalAuth"]!);
        Assert.False((bool)Only("Microsoft.Storage/storageAccounts")["allowSharedKeyAccess"]!);
        Assert.True((bool)Only("Microsoft.KeyVault/vaults")["enableRbacAuthorization"]!);
    }

    [BicepFact]
    public async Task Rights_AreFewAndInOnePlace()
    {
        foreach (var name in new[] { "main", "gateway", "functions" })
        {
            foreach (var template in (await Bicep.TemplateAsync(name)).All.Where(template => template.Name != "roles"))
                Assert.DoesNotContain(template.Own, resource => ((string)resource["type"]!).EndsWith("oleAssignments", StringComparison.Ordinal));
        }

        var roles = (await Bicep.TemplateAsync("main")).Modules.Single(module => module.Name == "roles").Json;
        Assert.Equal(Roles.Order(StringComparer.Ordinal), roles["variables"]!["role"]!.AsObject().Select(role => (string)role.Value!).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("resourceGroup().id", roles.ToJsonString(), StringComparison.Ordinal);
    }

    [BicepFact]
    public async Task Outputs_TellNoSecret()
    {
        foreach (var name in new[] { "main", "gateway", "functions" })
        {
            foreach (var template in (await Bicep.TemplateAsync(name)).All)
            {
                foreach (var (output, value) in template.Json["outputs"]?.AsObject() ?? [])
                {
                    Assert.DoesNotContain("secure", (string?)value!["type"] ?? "", StringComparison.Ordinal);
                    Assert.False(Telling().IsMatch(value["value"]!.ToJsonString()), $"{template.Name}: {output}");
                }
            }
        }
    }

    [GeneratedRegex(@"list[A-Z]\w*\(|ConnectionString|InstrumentationKey|newAdminKey|newKeyHashingSecret|[pP]assword")]
    private static partial Regex Telling();

    [GeneratedRegex(@"\$\{(\w+)\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex("^ *//.*$", RegexOptions.Multiline)]
    private static partial Regex Comments();
}
