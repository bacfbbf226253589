using System.Net;
using System.Net.Sockets;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Processes;

public class CommandLineTests : ProcessFixture
{
    [Fact]
    public async Task Check_ThreeMistakes_ReportsAllWithTheirPathsAndExitsWithOne()
    {
        await File.WriteAllTextAsync(Path.Combine(Directory, "gateway.json"), """
            {
              "server": { "drainSecond": 5 },
              "providers": { "openai": { "timeouts": { "idle": "long" } } },
              "routes": { "fast": { "targets": ["nowhere/model"] } }
            }
            """);
        var (exit, output, errors) = await GatewayProcess.RunAsync(Directory, "--check", "OPENAI_API_KEY=sk-secret-of-mine");
        Assert.Equal(1, exit);
        Assert.Contains("$.server.drainSecond", output, StringComparison.Ordinal);
        Assert.Contains("$.providers.openai.timeouts.idle", output, StringComparison.Ordinal);
        Assert.Contains("$.routes.fast.targets[0]", output, StringComparison.Ordinal);
        Assert.Equal(3, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Empty(errors);
    }

    [Fact]
    public async Task Check_ValidFile_PrintsItWithSecretsMaskedAndExitsWithZero()
    {
        await File.WriteAllTextAsync(Path.Combine(Directory, "gateway.json"), """
            { "providers": { "openai": {} }, "keys": [{ "id": "ci", "value": "env:CI_KEY", "models": ["*"] }] }
            """);
        var (exit, output, _) = await GatewayProcess.RunAsync(Directory, "--check", "OPENAI_API_KEY=sk-secret-of-mine", "CI_KEY=gw-secret-of-mine");
        Assert.Equal(0, exit);
        Assert.Contains("\"openai\"", output, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-of-mine", output, StringComparison.Ordinal);
        Assert.False(System.IO.Directory.Exists(Path.Combine(Directory, "data")));
    }

    [Theory]
    [InlineData("--help", 0, "Usage:")]
    [InlineData("--chek", 2, "unknown argument '--chek'")]
    [InlineData("--config", 2, "--config needs a path")]
    public async Task Start_ArgumentsThatOnlySaySomething_ExitsWithItsCode(string argument, int expected, string says)
    {
        var (exit, output, errors) = await GatewayProcess.RunAsync(Directory, argument);
        Assert.Equal(expected, exit);
        Assert.Contains(says, output + errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ConfigurationWithMistakes_SaysThemAndExitsWithOne()
    {
        await File.WriteAllTextAsync(Path.Combine(Directory, "gateway.json"), """{ "server": { "urls": ["https://127.0.0.1:0"] }, "limit": {} }""");
        var (exit, _, errors) = await GatewayProcess.RunAsync(Directory);
        Assert.Equal(1, exit);
        Assert.Contains("$.server.urls[0]", errors, StringComparison.Ordinal);
        Assert.Contains("$.limit", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_PortInUse_SaysSoInOneLine()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var url = "http://127.0.0.1:" + ((IPEndPoint)taken.LocalEndpoint).Port;
        var (exit, output, errors) = await GatewayProcess.RunAsync(Directory, "GATEWAY__SERVER__URLS=" + url);
        AssertOneLine(exit, output, errors, "cannot listen on " + url);
    }

    [Fact]
    public async Task Start_DataDirectoryThatCannotBe_SaysSoInOneLine()
    {
        var file = Path.Combine(Directory, "file");
        await File.WriteAllTextAsync(file, "in the way");
        var (exit, output, errors) = await GatewayProcess.RunAsync(Directory, "GATEWAY__SERVER__DATADIRECTORY=" + Path.Combine(file, "data"), "GATEWAY__SERVER__URLS=http://127.0.0.1:0");
        AssertOneLine(exit, output, errors, $"The data directory {file}/data cannot be used");
    }

    [Fact]
    public async Task Start_DataDirectoryOfAnotherGateway_SaysSoInOneLine()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(WholeReply);
        var configuration = GatewayProcess.WriteConfiguration(Directory, upstream.BaseUri);
        using var first = await GatewayProcess.StartAsync(Directory, [.. Keys, "--config", configuration]);
        var (exit, output, errors) = await GatewayProcess.RunAsync(Directory, [.. Keys, "--config", configuration]);
        AssertOneLine(exit, output, errors, "in use by another gateway");
        using var still = await first.PostAsync("/v1/chat/completions", WholeRequest);
        Assert.Equal(HttpStatusCode.OK, still.StatusCode);
    }

    private static void AssertOneLine(int exit, string output, string errors, string says)
    {
        Assert.Equal(1, exit);
        Assert.Contains(says, errors, StringComparison.Ordinal);
        Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(output);
    }
}
