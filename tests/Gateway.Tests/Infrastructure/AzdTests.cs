using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Gateway.Tests.Infrastructure;

/// <summary>azure.yaml and the parameters that azd fills in.</summary>
public partial class AzdTests
{
    private static readonly string[] RootKeys = ["name", "resourceGroup", "metadata", "infra", "services", "resources", "pipeline", "hooks", "requiredVersions", "state", "platform", "workflows", "cloud"];
    private static readonly string[] ServiceKeys = ["project", "host", "language", "docker", "env", "apiVersion", "resourceGroup", "resourceName", "module", "dist", "uses", "hooks"];
    private static readonly string[] DockerKeys = ["path", "context", "platform", "registry", "image", "tag", "buildArgs", "network", "remoteBuild"];

    /// <summary>What azd sets by itself.</summary>
    private static readonly Regex Own = OwnVariable();

    [Fact]
    public void File_IsOfTheSchema()
    {
        Assert.StartsWith("# yaml-language-server: $schema=https://raw.githubusercontent.com/Azure/azure-dev/main/schemas/v1.0/azure.yaml.json\n", File.ReadAllText(RepositoryFiles.Path("azure.yaml")), StringComparison.Ordinal);
        var file = Yaml.Read("azure.yaml");
        Assert.Empty(file.Names().Except(RootKeys));
        Assert.Matches("^[a-z0-9][a-z0-9-]*[a-z0-9]$", (string)file["name"]!);
        Assert.Empty(file["infra"].Names().Except(["provider", "path", "module"]));
        foreach (var (name, service) in file["services"]!.AsObject())
        {
            Assert.Matches("^[a-z0-9-]+$", name);
            Assert.Empty(service.Names().Except(ServiceKeys));
            Assert.Equal("containerapp", (string)service!["host"]!);
            Assert.Empty(service["docker"].Names().Except(DockerKeys));
        }
    }

    [Fact]
    public void Paths_Exist()
    {
        var file = Yaml.Read("azure.yaml");
        var infra = RepositoryFiles.Path((string)file["infra"]!["path"]!);
        var module = (string)file["infra"]!["module"]!;
        Assert.True(File.Exists(Path.Combine(infra, module + ".bicep")) && File.Exists(Path.Combine(infra, module + ".parameters.json")));
        foreach (var (name, service) in file["services"]!.AsObject())
        {
            var project = RepositoryFiles.Path((string)service!["project"]!);
            Assert.True(File.Exists(Path.Combine(project, (string)service["docker"]!["path"]!)), name);
            Assert.Equal(Repository.Root, Path.GetFullPath(Path.Combine(project, (string)service["docker"]!["context"]!)).TrimEnd('/'));
            // With these azd deploys the app by its own file.
            Assert.True(File.Exists(Path.Combine(infra, name + ".bicep")) && File.Exists(Path.Combine(infra, name + ".bicepparam")), name);
        }
    }

    [Fact]
    public void Services_AreTheProjectsThatExist()
    {
        var services = Yaml.Read("azure.yaml")["services"].Names();
        Assert.Contains("gateway", services);
        Assert.Equal(Directory.Exists(RepositoryFiles.Path("src/Functions")), services.Contains("functions"));
    }

    [BicepFact]
    public async Task Parameters_FitTheTemplate()
    {
        var template = (await Bicep.TemplateAsync("main")).Json;
        var known = template["parameters"]!.AsObject();
        var given = JsonNode.Parse(await File.ReadAllTextAsync(RepositoryFiles.Path("infra/bicep/main.parameters.json")))!["parameters"]!.AsObject();
        Assert.Empty(given.Names().Except(known.Names()));
        Assert.Empty(known.Where(parameter => parameter.Value!["defaultValue"] is null).Select(parameter => parameter.Key).Except(given.Names()));
        Assert.All(known.Where(parameter => parameter.Key != "metadata"), parameter => Assert.NotNull(parameter.Value!["metadata"]?["description"]));
        foreach (var (name, parameter) in given)
            Assert.True(Variable().Match((string)parameter!["value"]!) is { Success: true } match && (match.Groups[2].Success || Own.IsMatch(match.Groups[1].Value)), name);
    }

    [BicepFact]
    public async Task Apps_GetWhatTheirParametersRead()
    {
        var outputs = (await Bicep.TemplateAsync("main")).Json["outputs"].Names();
        foreach (var name in new[] { "gateway", "functions" })
        {
            var read = Reading().Matches(await File.ReadAllTextAsync(RepositoryFiles.Path($"infra/bicep/{name}.bicepparam"))).Select(match => match.Groups[1].Value).ToList();
            Assert.NotEmpty(read);
            Assert.All(read, variable => Assert.True(outputs.Contains(variable) || Own.IsMatch(variable), variable));
            var (output, errors) = await Bicep.ParametersAsync(name + ".bicepparam", [.. read.Select(variable => (variable, "abc"))]);
            Assert.Equal("", errors);
            Assert.NotEqual("", output);
        }
    }

    [GeneratedRegex("^(AZURE_ENV_NAME|AZURE_LOCATION|AZURE_PRINCIPAL_ID|SERVICE_[A-Z]+_IMAGE_NAME)$")]
    private static partial Regex OwnVariable();

    [GeneratedRegex(@"^\$\{([A-Z_]+)(=.*)?\}$")]
    private static partial Regex Variable();

    [GeneratedRegex(@"readEnvironmentVariable\('([A-Z_]+)'\)")]
    private static partial Regex Reading();
}
