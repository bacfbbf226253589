using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Configuration;
using Gateway.Tests.Configuration;
using GatewayApi.Hosting;

namespace Gateway.Tests.Infrastructure;

/// <summary>The gateway as gateway.bicep runs it: what it is told is what it understands.</summary>
public class GatewayAppTests
{
    [BicepFact]
    public async Task Settings_AreValid_AndMeanDapr()
    {
        var parameters = (await Bicep.TemplateAsync("gateway")).Json["parameters"]!;
        var environment = (await ContainerAsync())["env"].Objects().Where(v => v["value"] is not null).Select(v => ((string)v["name"]!, Given((string)v["value"]!))).ToArray();
        var build = Configured.Build(await File.ReadAllTextAsync(RepositoryFiles.Path("infra/bicep/gateway.json")), environment);
        Assert.Empty(build.Problems);
        var config = build.Config!;
        Assert.True(config.State.IsDapr && config.Events.IsDapr && config.Secrets.IsDapr);
        Assert.Equal("/data", config.Server.DataDirectory);

        // A parameter is what it is when nobody gives it.
        string Given(string value) => value.Split('\'') is ["[parameters(", var name, ")]"] ? (string)parameters[name]!["defaultValue"]! : value;
    }

    [BicepFact]
    public async Task Qdrant_IsToldToTheGatewayAsItUnderstandsIt()
    {
        var gateway = await Bicep.TemplateAsync("gateway");
        var variables = gateway.Json["variables"]!;
        var (index, key) = (variables["qdrantIndex"]!.AsObject(), variables["qdrantKey"]!.AsObject());
        Assert.Equal("[parameters('qdrantEndpoint')]", (string)index["endpoint"]!);
        Assert.Equal("[format('secret:{0}', parameters('qdrantKeyName'))]", (string)key["apiKey"]!);
        var json = JsonSerializer.Serialize(new { semanticIndex = new { store = (string)index["store"]!, endpoint = "http://qdrant:6334", apiKey = "secret:qdrant-key" } });
        var build = ConfigurationBuild.FromBytes(Encoding.UTF8.GetBytes(json), Configured.Inputs() with { IndexStores = ["qdrant"] });
        Assert.True(build.Config!.SemanticIndex.IsQdrant);
        Assert.All(build.Problems, problem => Assert.Equal("$.semanticIndex.apiKey", problem.Path)); // there is no vault here
        // Only where there is one, and only over what the file says.
        Assert.StartsWith("[if(empty(parameters('qdrantEndpoint')), createObject(), ", (string)variables["semanticIndex"]!, StringComparison.Ordinal);
        var file = (await AppAsync())["properties"]!["configuration"]!["secrets"].Objects().Single(secret => (string)secret["name"]! == "gateway-json");
        Assert.Equal("[string(union(variables('$fxv#0'), variables('semanticIndex')))]", (string)file["value"]!);
        var main = await Bicep.TemplateAsync("main");
        var module = main.Modules.Single(one => one.Name == "qdrant");
        Assert.Equal("[format('http://{0}:6334', 'qdrant')]", (string)module.Json["outputs"]!["endpoint"]!["value"]!);
        var ingress = module.Own.Single(app => (string)app["type"]! == "Microsoft.App/containerApps")["properties"]!["configuration"]!["ingress"]!;
        Assert.Equal((false, 6334), ((bool)ingress["external"]!, (int)ingress["exposedPort"]!));
    }

    [BicepFact]
    public async Task OwnSecrets_AreThereByReference()
    {
        // Without these every replica would make its own, and none would know another's keys.
        var app = await AppAsync();
        var secrets = app["properties"]!["configuration"]!["secrets"].Objects().ToDictionary(secret => (string)secret["name"]!);
        var environment = (await ContainerAsync())["env"].Objects().ToDictionary(variable => (string)variable["name"]!);
        foreach (var variable in new[] { FirstRun.AdminKeyVariable, FirstRun.HashingKeyVariable })
        {
            var secret = secrets[(string)environment[variable]["secretRef"]!];
            Assert.NotNull(secret["keyVaultUrl"]);
            Assert.NotNull(secret["identity"]);
            Assert.Null(secret["value"]);
        }

        var vault = (await Bicep.TemplateAsync("main")).NamesOf("Microsoft.KeyVault/vaults/secrets");
        Assert.All(vault, name => Assert.Contains(secrets.Values, secret => ((string?)secret["keyVaultUrl"] ?? "").Contains("secrets/" + name, StringComparison.Ordinal)));
    }

    [BicepFact]
    public async Task Secrets_AreMadeOnce()
    {
        var secrets = (await Bicep.TemplateAsync("main")).OfType("Microsoft.KeyVault/vaults/secrets");
        Assert.Equal(2, secrets.Length);
        Assert.All(secrets, secret => Assert.Equal("[not(parameters('secretsExist'))]", (string)secret["condition"]!));
        Assert.Equal("${GATEWAY_SECRETS_EXIST=false}", (string)MainParameters()["secretsExist"]!["value"]!);
        Assert.NotNull((await Bicep.TemplateAsync("main")).Json["outputs"]!["GATEWAY_SECRETS_EXIST"]);
    }

    [BicepFact]
    public async Task Sidecar_ProbesAndListener_AgreeOnThePort()
    {
        var app = (await AppAsync())["properties"]!;
        var dapr = app["configuration"]!["dapr"]!;
        Assert.Equal((true, "gateway"), ((bool)dapr["enabled"]!, (string)dapr["appId"]!));
        var container = await ContainerAsync();
        var url = (string)container["env"].Objects().Single(v => (string)v["name"]! == "GATEWAY__SERVER__URLS")["value"]!;
        int[] ports =
        [
            (int)dapr["appPort"]!, (int)app["configuration"]!["ingress"]!["targetPort"]!, new Uri(url).Port,
            .. container["probes"].Objects().Select(probe => (int)probe["httpGet"]!["port"]!),
        ];
        Assert.Equal([8080], ports.Distinct());
        Assert.All(container["probes"].Objects(), probe => Assert.Contains((string)probe["httpGet"]!["path"]!, new[] { "/health/live", "/health/ready" }));
    }

    [BicepFact]
    public async Task Stopping_TakesNoLongerThanItMay()
    {
        var template = (await AppAsync())["properties"]!["template"]!;
        var environment = (await ContainerAsync())["env"].Objects().ToDictionary(v => (string)v["name"]!, v => (string?)v["value"]);
        var seconds = new[] { "GATEWAY__SERVER__DRAINDELAYSECONDS", "GATEWAY__SERVER__DRAINSECONDS" }.Sum(name => int.Parse(environment[name]!, CultureInfo.InvariantCulture));
        Assert.True((int)template["terminationGracePeriodSeconds"]! > seconds);
        var readiness = (await ContainerAsync())["probes"].Objects().Single(probe => (string)probe["type"]! == "Readiness");
        Assert.True((int)readiness["periodSeconds"]! * (int)readiness["failureThreshold"]! < int.Parse(environment["GATEWAY__SERVER__DRAINDELAYSECONDS"]!, CultureInfo.InvariantCulture));
    }

    private static async Task<JsonObject> AppAsync() => Assert.Single((await Bicep.TemplateAsync("gateway")).OfType("Microsoft.App/containerApps"));

    private static async Task<JsonObject> ContainerAsync() => Assert.Single((await AppAsync())["properties"]!["template"]!["containers"].Objects());

    private static JsonObject MainParameters() => JsonNode.Parse(File.ReadAllText(RepositoryFiles.Path("infra/bicep/main.parameters.json")))!["parameters"]!.AsObject();
}
