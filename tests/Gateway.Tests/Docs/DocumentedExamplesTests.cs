using System.Diagnostics;
using System.Text.RegularExpressions;
using Gateway.Configuration;
using Gateway.Tests.Configuration;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Docs;

/// <summary>
/// Examples under <c>&lt;!-- run --&gt;</c> run against a gateway, with the configuration under <c>&lt;!-- serve --&gt;</c> where the page has one; those
/// under <c>&lt;!-- config --&gt;</c> are good configurations.
/// </summary>
public partial class DocumentedExamplesTests
{
    private static readonly string[] Files = ["docs/operations.md", "docs/security.md", "docs/credentials.md", "docs/surfaces.md", "docs/keys.md", "docs/hierarchy.md", "docs/budgets.md", "docs/rate-limits.md", "docs/admin-api.md", "docs/roles.md", "docs/routing.md", "docs/routing-strategies.md", "docs/health.md", "docs/explain.md", "docs/jobs.md", "docs/run-embedded.md", "docs/two-tier.md", "docs/rescue.md", "docs/rules.md"];

    private static readonly (string, string)[] Environment =
        [("CI_KEY", "gw-ci"), ("OLD_KEY", "gw-old"), ("OPENAI_KEY_1", "sk-1"), ("OPENAI_KEY_2", "sk-2"), ("AZURE_CLIENT_SECRET", "s"), ("AWS_REGION", "us-east-1"), ("CENTRAL_KEY", "gw-edge")];

    public static TheoryData<string, string> Commands => Blocks("bash", "run");

    public static TheoryData<string, string> Configurations => Blocks("json", "config", "serve");

    [ShellTheory]
    [MemberData(nameof(Commands))]
    public async Task Command_AsDocumented_Succeeds(string place, string command)
    {
        await using var gateway = await GatewayHost.StartAsync(Served(place[..place.IndexOf(' ', StringComparison.Ordinal)]), environment: [("CI_KEY", GatewayHost.Key), ("OPENAI_KEY_1", "sk-1")]);
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", command]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["GATEWAY_URL"] = gateway.BaseUri.GetLeftPart(UriPartial.Authority);
        start.Environment["GATEWAY_KEY"] = GatewayHost.Key;
        start.Environment["GATEWAY_ADMIN_KEY"] = GatewayHost.AdminKey;
        using var shell = Process.Start(start)!;
        var errors = shell.StandardError.ReadToEndAsync();
        var output = await shell.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60));
        await shell.WaitForExitAsync();
        Assert.True(shell.ExitCode == 0, $"{place}: {command}\n{output}{await errors}");
    }

    [Theory]
    [MemberData(nameof(Configurations))]
    public void Configuration_AsDocumented_IsValid(string place, string json)
    {
        var build = ConfigurationBuild.FromBytes(System.Text.Encoding.UTF8.GetBytes(json), Configured.Inputs(Environment));
        Assert.True(build.Problems.Count == 0, $"{place}: {string.Join(System.Environment.NewLine, build.Problems)}");
    }

    /// <summary>The members of a page's configuration, or nothing.</summary>
    private static string Served(string file)
    {
        var match = Marked().Matches(File.ReadAllText(Path.Combine(Repository.Root, file))).FirstOrDefault(m => m.Groups[1].Value == "serve");
        return match is null ? "" : match.Groups[3].Value.Trim()[1..^1];
    }

    private static TheoryData<string, string> Blocks(string language, params string[] marks)
    {
        var blocks = new TheoryData<string, string>();
        foreach (var file in Files)
        {
            foreach (Match match in Marked().Matches(File.ReadAllText(Path.Combine(Repository.Root, file))))
            {
                if (marks.Contains(match.Groups[1].Value))
                {
                    Assert.Equal(language, match.Groups[2].Value);
                    blocks.Add($"{file} at {match.Index}", match.Groups[3].Value);
                }
            }
        }

        return blocks;
    }

    [GeneratedRegex("<!-- (run|config|serve) -->\n```([a-z]+)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Marked();
}
