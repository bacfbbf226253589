using System.Diagnostics;
using System.Text.RegularExpressions;
using Gateway.Tests.Processes;
using GatewayApi.Hosting;

namespace Gateway.Tests.Docs;

/// <summary>Runs the commands of docs/audit.md one after the other, beside a data directory with a log in it.</summary>
public partial class AuditExamplesTests : ProcessFixture
{
    public static TheoryData<string> Page => ["docs/audit.md"];

    [ShellTheory]
    [MemberData(nameof(Page))]
    public async Task Commands_AsDocumented_Succeed(string page)
    {
        var anchor = await AuditCommandTests.WriteLogAsync(Directory, 5);
        await File.WriteAllBytesAsync(Path.Combine(Directory, "anchors.jsonl"), anchor.ToJson());
        var blocks = Marked().Matches(await File.ReadAllTextAsync(Path.Combine(Repository.Root, page))).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(3, blocks.Count);
        var gateway = $"gateway() {{ \"{Dotnet}\" \"{typeof(GatewayApplication).Assembly.Location}\" \"$@\"; }}\n";
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", gateway + string.Concat(blocks)])
        {
            WorkingDirectory = Directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var shell = Process.Start(start)!;
        var errors = shell.StandardError.ReadToEndAsync();
        var output = await shell.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(120));
        await shell.WaitForExitAsync();
        Assert.True(shell.ExitCode == 0, output + await errors);
        Assert.Contains("line 3, where record 3 should be, was edited", output, StringComparison.Ordinal);
        Assert.Contains("missing: record 3", output, StringComparison.Ordinal);
        Assert.Contains("1 anchors agree", output, StringComparison.Ordinal);
    }

    private static string Dotnet =>
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

    [GeneratedRegex("<!-- run -->\n```bash\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Marked();
}
