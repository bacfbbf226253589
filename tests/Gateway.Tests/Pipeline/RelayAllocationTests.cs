using System.Buffers;
using System.Text;
using Gateway.Protocol;
using Gateway.Tests.Testing;
using Xunit.Abstractions;

namespace Gateway.Tests.Pipeline;

/// <summary>What one relayed request allocates in the library itself: canned bytes above and below, no sockets.</summary>
[Collection(nameof(RelayAllocationTests))]
[CollectionDefinition(nameof(RelayAllocationTests), DisableParallelization = true)]
public class RelayAllocationTests(ITestOutputHelper output)
{
    private const int Rounds = 400;

    [Fact]
    public async Task Relay_1KB_StaysWithinItsBudget()
    {
        var answer = Encoding.UTF8.GetBytes("{\"id\":\"x\",\"model\":\"m-1\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"" + new string('a', 900) + "\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":20}}");
        using var rig = new PipelineRig { Upstream = PipelineRig.Whole(answer), Remembers = false };
        using var client = new MemoryExchange { RequestBody = Encoding.UTF8.GetBytes("{\"model\":\"up/m\",\"messages\":[{\"role\":\"user\",\"content\":\"" + new string('b', 950) + "\"}]}") };
        var dialect = PipelineRig.DialectOf(Operation.ChatCompletions);
        var whole = await MeasureAsync(async () =>
        {
            client.Reset();
            await rig.ServeAsync(client, Operation.ChatCompletions, dialect);
        });
        Assert.Equal(answer, client.Sent);

        // What the stand-ins take: the client's pipe, and the response HttpClient would have made.
        var standIns = await MeasureAsync(async () =>
        {
            client.Reset();
            client.Body.Write(answer);
            await client.Body.FlushAsync();
            using var response = rig.Upstream();
            await using var stream = await response.Content.ReadAsStreamAsync();
        });

        var most = AllocationBudgets.All()["pipeline.relay-1k"];
        output.WriteLine($"{whole - standIns} bytes a request (budget {most}), and {standIns} by the stand-ins");
        Assert.InRange(whole - standIns, 1, most);
    }

    /// <summary>Bytes an operation allocates on this thread, once warm. Everything completes synchronously, so nothing is missed.</summary>
    private static async Task<long> MeasureAsync(Func<ValueTask> operation)
    {
        for (var i = 0; i < Rounds; i++)
            await operation();
        return AllocationBudgets.Measure(Rounds, () =>
        {
            var done = operation();
            Assert.True(done.IsCompletedSuccessfully);
        });
    }
}
