using Gateway.Configuration;

namespace Gateway.Tests.Configuration;

public class PortSettingsTests
{
    [Theory]
    [InlineData(""" "state": { "component": "x" } """, "$.state.component")]
    [InlineData(""" "state": { "store": "embedded", "timeoutSeconds": 1 } """, "$.state.timeoutSeconds")]
    [InlineData(""" "state": { "store": "redis" } """, "$.state.store")]
    [InlineData(""" "state": { "store": "dapr", "timeoutSeconds": 0 } """, "$.state.timeoutSeconds")]
    [InlineData(""" "events": { "component": "x" } """, "$.events.component")]
    [InlineData(""" "events": { "store": "dapr" } """, "$.events.store")]
    [InlineData(""" "secrets": { "store": "x" } """, "$.secrets.store")]
    [InlineData(""" "secrets": { "vault": "dapr", "file": "x" } """, "$.secrets.file")]
    [InlineData(""" "providers": { "openai": { "apiKey": "secret:" } } """, "$.providers.openai.apiKey")]
    public void Load_Contradiction_IsReportedAtItsPath(string settings, string path) =>
        Assert.Equal(path, Assert.Single(Load(settings).Problems).Path);

    [Fact]
    public void Load_EverythingThroughDapr_IsRead()
    {
        var config = Load("""
            "state": { "store": "dapr", "component": "s", "timeoutSeconds": 0.5 }, "events": { "bus": "dapr", "component": "e" },
            "secrets": { "vault": "dapr", "store": "v", "refreshSeconds": 60 },
            "providers": { "openai": { "apiKey": "secret:openai/key", "headers": { "x-a": "secret:a" } } }
            """).Config!;
        Assert.Equal(new StateConfig { IsDapr = true, Component = "s", Timeout = TimeSpan.FromSeconds(0.5) }, config.State);
        Assert.Equal(new EventsConfig { IsDapr = true, Component = "e" }, config.Events);
        Assert.Equal(new SecretsConfig { IsDapr = true, Store = "v", Refresh = TimeSpan.FromMinutes(1) }, config.Secrets);
        Assert.Equal(["openai/key", "a"], config.VaultSecrets);
        Assert.Empty(config.SecretFiles);
    }

    [Fact]
    public void Check_ChangedPorts_NeedARestart()
    {
        var next = new GatewayConfig { State = new() { IsDapr = true }, Events = new() { IsDapr = true }, Secrets = new() { Refresh = TimeSpan.FromSeconds(1) } };
        Assert.Equal(["$.state", "$.events", "$.secrets"], RestartRules.Check(new GatewayConfig(), next).Select(p => p.Path));
    }

    private static ConfigurationResult Load(string settings) =>
        ConfigurationLoader.Load(System.Text.Encoding.UTF8.GetBytes("{" + settings + "}"), new Dictionary<string, string>());
}
