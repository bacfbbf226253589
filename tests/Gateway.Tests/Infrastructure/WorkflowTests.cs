using System.Text.RegularExpressions;

namespace Gateway.Tests.Infrastructure;

/// <summary>The workflows: their shape, bounded times and few rights, and paths that exist.</summary>
public partial class WorkflowTests
{
    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(RepositoryFiles.Path(".github/workflows"), "*.yml").Select(path => ".github/workflows/" + Path.GetFileName(path))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Workflow_IsBoundedAndHasFewRights(string file)
    {
        var workflow = Yaml.Read(file);
        Assert.Empty(workflow.Names().Except(["name", "on", "permissions", "concurrency", "env", "jobs"]));
        Assert.Equal("read", (string)workflow["permissions"]!["contents"]!);
        foreach (var (name, job) in workflow["jobs"]!.AsObject())
        {
            Assert.True(job!["timeout-minutes"] is not null, name);
            foreach (var step in job["steps"].Objects())
            {
                Assert.True(step.ContainsKey("uses") != step.ContainsKey("run"), name);
                if (step["uses"] is { } action)
                    Assert.Matches(@"^[\w-]+/[\w-]+@v\d+$", (string)action!);
                if (step["working-directory"] is { } directory)
                    Assert.True(Directory.Exists(RepositoryFiles.Path((string)directory!)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Workflow_NamesFilesThatExist(string file)
    {
        foreach (Match match in Named().Matches(File.ReadAllText(RepositoryFiles.Path(file))))
            Assert.True(File.Exists(RepositoryFiles.Path(match.Value)), match.Value);
    }

    [GeneratedRegex(@"\bGateway\.sln\b|\bglobal\.json\b|\bsrc/[\w/]+")]
    private static partial Regex Named();
}
