using System.Net;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Processes;

public class ThreadSchedulingTests : ProcessFixture
{
    private const string Batch = "3"; // SCHED_BATCH, linux/sched.h

    [Theory]
    [InlineData("", true)]
    [InlineData(""", "scheduling": "batch" """, true)]
    [InlineData(""", "scheduling": "normal" """, false)]
    public async Task Start_WithScheduling_ThreadsThatServeHaveIt(string server, bool isBatch)
    {
        if (!OperatingSystem.IsLinux())
            return;
        await using var upstream = await ScriptedUpstream.StartAsync(WholeReply);
        var configuration = GatewayProcess.WriteConfiguration(Directory, upstream.BaseUri, server);
        using var gateway = await GatewayProcess.StartAsync(Directory, [.. Keys, "--config", configuration]);
        using var reply = await gateway.PostAsync("/v1/chat/completions", WholeRequest);
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);

        var policies = Threads(gateway.Id).Where(t => t.Name is ".NET Sockets" or ".NET TP Worker").Select(t => t.Policy).ToList();

        Assert.NotEmpty(policies);
        var inherited = Threads(Environment.ProcessId).First().Policy;
        Assert.All(policies, policy => Assert.Equal(isBatch ? Batch : inherited, policy));
    }

    /// <summary>Name and policy of each thread: /proc/PID/task/TID/stat, fields 2 and 41 (proc(5)).</summary>
    private static IEnumerable<(string Name, string Policy)> Threads(int process)
    {
        foreach (var thread in System.IO.Directory.EnumerateDirectories($"/proc/{process}/task"))
        {
            string stat;
            try
            {
                stat = File.ReadAllText(Path.Combine(thread, "stat"));
            }
            catch (IOException)
            {
                continue; // it has ended
            }

            var name = stat[(stat.IndexOf('(', StringComparison.Ordinal) + 1)..stat.LastIndexOf(')')];
            yield return (name, stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[41 - 3]);
        }
    }
}
