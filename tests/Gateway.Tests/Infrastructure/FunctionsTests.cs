using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gateway.Hosting;
using Gateway.Jobs;
using Gateway.Jobs.Remote;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Infrastructure;

/// <summary>The functions are compiled elsewhere; what can be read of them must fit the jobs they run.</summary>
public partial class FunctionsTests
{
    private static readonly string Sources = RepositoryFiles.Path("src/Functions");

    public static TheoryData<string> Jobs => [.. Catalogue().All.Select(job => job.Name)];

    [Fact]
    public void Timers_AreTheJobsOfADeployment() =>
        Assert.Equal(Catalogue().All.Select(job => job.Name).Order(), Timers().Select(timer => timer.Job).Order());

    [Theory]
    [MemberData(nameof(Jobs))]
    public void Timer_Any_FiresItsJobAtTheTimesOfItsSetting(string job)
    {
        var timer = Assert.Single(Timers(), timer => timer.Job == job);
        Assert.Equal(RemoteJobs.SettingOf(job), timer.Setting);
        Assert.Equal(job, timer.Fires);
    }

    [Theory]
    [MemberData(nameof(Jobs))]
    public void Schedule_Everywhere_IsTheOneTheJobDeclares(string job)
    {
        var declared = NCrontab.Of(Catalogue().Find(job)!.Schedule);
        var local = JsonNode.Parse(File.ReadAllText(Path.Combine(Sources, "local.settings.json")))!["Values"]!.AsObject();
        Assert.Equal(declared, (string)local[RemoteJobs.SettingOf(job)]!);
        Assert.Contains($"{{ name: '{RemoteJobs.SettingOf(job)}', value: '{declared}' }}", File.ReadAllText(RepositoryFiles.Path("infra/bicep/functions.bicep")), StringComparison.Ordinal);
    }

    [Fact]
    public void LocalSettings_HoldNoSecret()
    {
        var local = JsonNode.Parse(File.ReadAllText(Path.Combine(Sources, "local.settings.json")))!["Values"]!.AsObject();
        Assert.Equal("UseDevelopmentStorage=true", (string)local["AzureWebJobsStorage"]!);
        Assert.All(local, value => Assert.DoesNotContain("key=", (string)value.Value!, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Classes_HoldNoLogic()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Sources, "Timers"), "*.cs"))
            Assert.DoesNotContain(BranchOrLoop().Matches(File.ReadAllText(file)), _ => true);
    }

    [Fact]
    public void Schedule_SettingSaysAnother_IsTheJobs()
    {
        var jobs = RemoteJobs.Schedule(Catalogue().All, new Dictionary<string, string> { ["JOB_ROLLUP_DAILY_SCHEDULE"] = "0 7 * * * *" });
        Assert.Equal("0 7 * * * *", NCrontab.Of(jobs.Find("rollup-daily")!.Schedule));
        Assert.Equal("0 20 * * * *", NCrontab.Of(jobs.Find("rollup-monthly")!.Schedule));
        Assert.Throws<FormatException>(() => RemoteJobs.Schedule(Catalogue().All, new Dictionary<string, string> { ["JOB_ROLLUP_DAILY_SCHEDULE"] = "hourly" }));
    }

    private static JobCatalogue Catalogue()
    {
        using var host = new RemoteJobsHost(new Dictionary<string, string>(), TimeProvider.System, NullLoggerFactory.Instance);
        return host.Catalogue();
    }

    private static IEnumerable<(string Job, string Setting, string Fires)> Timers() =>
        Directory.EnumerateFiles(Path.Combine(Sources, "Timers"), "*.cs").Select(File.ReadAllText).Select(source => TimerClass().Match(source)).Select(match =>
        {
            Assert.True(match.Success);
            return (match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value);
        });

    [GeneratedRegex("""\[Function\("([a-z-]+)"\)\]\s+public Task RunAsync\(\[TimerTrigger\("%([A-Z_]+)%"\)\] TimerInfo timer, CancellationToken cancellation\) => jobs\.FireAsync\("([a-z-]+)", cancellation\);""")]
    private static partial Regex TimerClass();

    [GeneratedRegex(@"\b(if|for|foreach|while|switch|try|await)\b(?=.*;)|\?\?|\?\s")]
    private static partial Regex BranchOrLoop();
}
