using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Gateway.Tests.Infrastructure;

/// <summary>The Dockerfiles, as far as they can be held to account without a container engine.</summary>
public partial class DockerfileTests
{
    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(RepositoryFiles.Path("src"), "Dockerfile", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Repository.Root, path))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Sources_Exist_AndAreNotIgnored(string file)
    {
        var ignored = File.ReadAllLines(RepositoryFiles.Path(".dockerignore"));
        foreach (var source in Lines(file).Where(line => line[0] == "COPY" && !line[1].StartsWith("--from", StringComparison.Ordinal)).SelectMany(line => line[1..^1]))
        {
            Assert.True(File.Exists(RepositoryFiles.Path(source)) || Directory.Exists(RepositoryFiles.Path(source)), source);
            Assert.DoesNotContain(source.Split('/')[0] + "/", ignored);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Sources_AreAllThatTheProjectsNeed(string file)
    {
        var copied = Lines(file).Where(line => line[0] == "COPY" && !line[1].StartsWith("--from", StringComparison.Ordinal)).SelectMany(line => line[1..^1]).ToList();
        Assert.All(["global.json", "Directory.Build.props", "Directory.Packages.props", "eng/"], shared => Assert.Contains(shared, copied));
        var project = Directory.GetFiles(Path.GetDirectoryName(RepositoryFiles.Path(file))!, "*.csproj").Single();
        foreach (var reference in References(project).Append(project))
        {
            var relative = Path.GetRelativePath(Repository.Root, reference);
            Assert.Contains(relative, copied);
            Assert.Contains(Path.GetDirectoryName(relative) + "/", copied);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Image_RunsWithoutRightsAndSaysWhatItIs(string file)
    {
        var lines = Lines(file);
        var last = lines[lines.FindLastIndex(line => line[0] == "FROM")..];
        Assert.Contains(last, line => line[0] == "LABEL" && line.Any(word => word.StartsWith("org.opencontainers.image.licenses=", StringComparison.Ordinal)));
        Assert.Equal("1654", last.Single(line => line[0] == "USER")[1]);
        // The host of Azure Functions comes in images of its own only.
        if (last[0][1].StartsWith("mcr.microsoft.com/azure-functions/", StringComparison.Ordinal))
            return;
        Assert.EndsWith("-noble-chiseled", last[0][1], StringComparison.Ordinal);
        Assert.Equal(["VOLUME", "/data"], last.Single(line => line[0] == "VOLUME"));
    }

    [Fact]
    public void PublishContainer_MakesTheSameImage()
    {
        var project = XDocument.Load(RepositoryFiles.Path("src/GatewayApi/GatewayApi.csproj"));
        var given = project.Descendants("ContainerEnvironmentVariable").Select(v => $"{v.Attribute("Include")!.Value}={v.Attribute("Value")!.Value}").Order(StringComparer.Ordinal);
        var lines = Lines("src/GatewayApi/Dockerfile");
        Assert.Equal(lines.Where(line => line[0] == "ENV").SelectMany(line => line[1..]).Order(StringComparer.Ordinal), given);
        Assert.Equal(lines.Single(line => line[0] == "USER")[1], project.Descendants("ContainerUser").Single().Value);
        Assert.EndsWith("-" + project.Descendants("ContainerFamily").Single().Value, lines.Last(line => line[0] == "FROM")[1], StringComparison.Ordinal);
        Assert.Equal(lines.Single(line => line[0] == "EXPOSE")[1], project.Descendants("ContainerPort").Single().Attribute("Include")!.Value);
    }

    private static IEnumerable<string> References(string project) =>
        XDocument.Load(project).Descendants("ProjectReference")
            .Select(reference => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(project)!, reference.Attribute("Include")!.Value)))
            .SelectMany(path => References(path).Prepend(path)).Distinct();

    /// <summary>The instructions, in words; continued lines are one.</summary>
    private static List<string[]> Lines(string file) =>
        [.. Continued().Replace(File.ReadAllText(RepositoryFiles.Path(file)), " ").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith('#')).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    [GeneratedRegex(@"\\\n")]
    private static partial Regex Continued();
}
