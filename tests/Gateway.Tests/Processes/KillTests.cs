using System.Globalization;
using System.Security.Cryptography;
using Gateway.Tests.Testing;
using Xunit.Abstractions;

namespace Gateway.Tests.Processes;

/// <summary>What a client saw complete is in the ledger, once, although the process was killed.</summary>
public class KillTests(ITestOutputHelper output) : ProcessFixture
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("GATEWAY_LONG_TESTS") == "1";

    [Theory]
    [InlineData("interval", 3)]
    [InlineData("always", 1)]
    public async Task Kill_UnderLoad_LosesNoReplyThatWasSeenComplete(string fsync, int rounds)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Handle(async exchange =>
        {
            var script = exchange.BodyText.Contains("\"stream\":true", StringComparison.Ordinal)
                ? Script.Sse(ContentEvent("one"), ContentEvent("two"), FinishEvent, UsageEvent).Done()
                : WholeReply;
            await script.RunAsync(exchange, TimeProvider.System, exchange.Context.RequestAborted);
        }));
        var configuration = GatewayProcess.WriteConfiguration(Directory, upstream.BaseUri, settings: $$""", "ledger": { "fsync": "{{fsync}}", "segmentMiB": 1 } """);
        var hammer = new LedgerHammer(StreamRequest, WholeRequest);

        rounds = IsLong ? 20 : rounds;
        for (var round = 0; round < rounds; round++)
        {
            using var gateway = await GatewayProcess.StartAsync(Directory, [.. Keys, "--config", configuration]);
            await hammer.RunAsync(gateway, RandomNumberGenerator.GetInt32(100, IsLong ? 2_000 : 400), gateway.KillAsync);
        }

        using var survivor = await GatewayProcess.StartAsync(Directory, [.. Keys, "--config", configuration]);
        var entries = await survivor.LedgerAsync();
        var found = entries.CountBy(e => e.GetProperty("request_id").GetString()!).ToDictionary();
        var lost = hammer.Complete.Count(id => !found.ContainsKey(id));
        var duplicated = found.Count(f => f.Value > 1);
        var figures = string.Create(CultureInfo.InvariantCulture,
            $"kill -9, fsync {fsync}, {rounds} round(s): {hammer.Requests} requests sent, {hammer.Complete.Count} replies seen complete, {entries.Count} entries found, {lost} lost, {duplicated} duplicated");
        output.WriteLine(figures);
        Console.WriteLine(figures);
        Assert.Equal(0, lost);
        Assert.Equal(0, duplicated);
        Assert.Equal(entries.Count, entries.DistinctBy(e => e.GetProperty("sequence").GetInt64()).Count());
    }
}
