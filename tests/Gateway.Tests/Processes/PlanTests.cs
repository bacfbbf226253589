using Gateway.Tests.Testing;
using GatewayApi.Hosting;

namespace Gateway.Tests.Processes;

public class PlanTests
{
    [Fact]
    public async Task Plan_BesideARunningGateway_SaysWhatWouldChange()
    {
        await using var gateway = await GatewayHost.StartWithSimulatorAsync();
        Assert.Equal((0, "No changes."), await PlanAsync(gateway, await File.ReadAllTextAsync(gateway.ConfigurationPath)));

        var edited = (await File.ReadAllTextAsync(gateway.ConfigurationPath)).Replace("\"models\": [\"*\"]", "\"models\": [\"simulator/*\"]", StringComparison.Ordinal);
        var (code, said) = await PlanAsync(gateway, edited);
        Assert.Equal(2, code);
        Assert.Contains("~ keys test", said, StringComparison.Ordinal);
        Assert.Contains("models: [\"*\"] → [\"simulator/*\"]", said, StringComparison.Ordinal);

        Assert.Equal(1, (await PlanAsync(gateway, """{ "nonsense": 1 }""")).Code);
    }

    [Fact]
    public async Task Plan_IdThatTheAdminApiMade_IsAProblem()
    {
        await using var gateway = await GatewayHost.StartWithSimulatorAsync();
        await gateway.Get<Gateway.Admission.Directory.KeyOperations>().CreateAsync(new() { Id = "taken", Models = ["*"] }, "test");
        var (code, said) = await PlanAsync(gateway, (await File.ReadAllTextAsync(gateway.ConfigurationPath)).Replace("\"id\": \"test\"", "\"id\": \"taken\"", StringComparison.Ordinal));
        Assert.Equal(1, code);
        Assert.Contains("key \"taken\"", said, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Said)> PlanAsync(GatewayHost gateway, string json)
    {
        var path = gateway.ConfigurationPath + ".planned.json";
        await File.WriteAllTextAsync(path, json);
        var output = new StringWriter();
        var code = await ConfigurationPlanning.RunAsync(new GatewayStartup
        {
            ConfigurationPath = path,
            ConfigurationIsOptional = false,
            Environment = new Dictionary<string, string> { ["TEST_KEY"] = GatewayHost.Key },
            Output = output,
        });
        return (code, output.ToString().Trim());
    }
}
