using System.Globalization;
using Gateway.Tests.Configuration;

namespace Gateway.Tests.Infrastructure;

/// <summary>dapr.yaml: what `dapr run -f` reads.</summary>
public class DaprRunTests
{
    private static readonly string[] Keys =
    [
        "appID", "appDirPath", "appPort", "appProtocol", "daprHTTPPort", "daprGRPCPort", "enableAppHealthCheck", "appHealthCheckPath",
        "appHealthProbeInterval", "appHealthProbeTimeout", "appHealthThreshold", "command", "env",
    ];

    [Fact]
    public void File_HasKnownKeysAndPathsThatExist()
    {
        var file = Yaml.Read("dapr.yaml");
        Assert.Equal(["version", "name", "common", "apps"], file.Names());
        Assert.Equal("1", (string)file["version"]!);
        Assert.All(file["common"]!["resourcesPaths"].Strings(), path => Assert.True(Directory.Exists(RepositoryFiles.Path(path)), path));
        foreach (var app in file["apps"].Objects())
        {
            Assert.Empty(app.Names().Except(Keys));
            var directory = RepositoryFiles.Path((string)app["appDirPath"]!);
            Assert.True(Directory.Exists(directory), directory);
            var command = app["command"].Strings();
            Assert.True(Directory.Exists(Path.Combine(directory, command[Array.IndexOf(command, "--project") + 1])), string.Join(' ', command));
        }
    }

    [Fact]
    public void Apps_AreThoseThatExist()
    {
        var apps = Yaml.Read("dapr.yaml")["apps"].Objects().ToDictionary(app => (string)app["appID"]!);
        Assert.Contains("gateway", apps.Keys);
        Assert.Equal(Directory.Exists(RepositoryFiles.Path("src/Functions")), apps.ContainsKey("functions"));
        Assert.Equal(apps.Count, apps.Values.Select(app => (string)app["appPort"]!).Distinct().Count());
    }

    [Fact]
    public void Gateway_IsConfiguredForDapr()
    {
        var gateway = Yaml.Read("dapr.yaml")["apps"].Objects().Single(app => (string)app["appID"]! == "gateway");
        var build = Configured.Build("{}", [.. gateway["env"]!.AsObject().Select(variable => (variable.Key, (string)variable.Value!))]);
        Assert.Empty(build.Problems);
        Assert.True(build.Config!.State.IsDapr && build.Config.Events.IsDapr && build.Config.Secrets.IsDapr);
        var port = int.Parse((string)gateway["appPort"]!, CultureInfo.InvariantCulture);
        Assert.Equal(port, new Uri(Assert.Single(build.Config.Server.Urls)).Port);
    }
}
