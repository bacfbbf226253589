using System.Diagnostics;
using System.Text.RegularExpressions;
using Gateway.Tests.Configuration;
using Gateway.Tests.Docs;
using Gateway.Tests.Surfaces;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Login;

/// <summary>The examples of docs/login.md: the configurations are good, and the commands run against an independent provider.</summary>
public sealed partial class LoginExamplesTests(ProviderFixture provider) : IClassFixture<ProviderFixture>
{
    [Fact]
    public void Configurations_AsDocumented_AreGood()
    {
        var examples = Config().Matches(Page());
        Assert.Equal(3, examples.Count);
        foreach (Match example in examples)
            Assert.NotNull(Configured.Snapshot(example.Groups[1].Value, ("LOGIN_SECRET", "s")).Login);
    }

    [NodeFact]
    public async Task Commands_AsDocumented_Succeed()
    {
        if (!ShellTheoryAttribute.HasCurl)
            return;
        await using var gateway = await provider.StartGatewayAsync();
        var commands = Run().Matches(Page());
        Assert.Equal(2, commands.Count);
        foreach (Match command in commands)
        {
            var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", command.Groups[1].Value]) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["GATEWAY_URL"] = gateway.BaseUri.GetLeftPart(UriPartial.Authority);
            start.Environment["ISSUER"] = provider.Issuer;
            using var shell = Process.Start(start)!;
            var errors = shell.StandardError.ReadToEndAsync();
            var output = await shell.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60));
            await shell.WaitForExitAsync();
            Assert.True(shell.ExitCode == 0, output + await errors);
        }
    }

    private static string Page() => File.ReadAllText(RepositoryFiles.Path("docs/login.md"));

    [GeneratedRegex("<!-- config -->\n```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Config();

    [GeneratedRegex("<!-- run -->\n```bash\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Run();
}
