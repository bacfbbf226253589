using Gateway.Budgets;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Budgets;

/// <summary>Whatever becomes of a request, nothing stays reserved, and what is left is the limit less what the ledger says.</summary>
public sealed class ReservationLeakTests
{
    public static TheoryData<string> Ends =>
    [
        "whole", "stream", "provider error", "provider cut", "stream cut", "stream cut before content", "malformed", "absurd usage", "no usage",
        "client leaves", "client leaves in the middle", "model unknown", "not json",
    ];

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Request_HoweverItEnds_LeavesNothingReserved(string end)
    {
        await using var gateway = await LimitedGateway.StartAsync(ScriptFor(end));
        LimitSpec[] limits = [LimitedKey.Budget(1_000_000_000), LimitedKey.Budget(1_000_000, LimitUnit.Tokens), LimitedKey.Rate(100), LimitedKey.Held(3), LimitedKey.Held(100_000, LimitUnit.Bytes)];
        gateway.Host.SetLimits(limits);
        using var leave = new CancellationTokenSource();

        try
        {
            var body = end switch
            {
                "model unknown" => LimitedGateway.Ask("nobody/x"),
                "not json" => "{\"model\":",
                _ => LimitedGateway.Ask(stream: end.Contains("stream", StringComparison.Ordinal) || end.EndsWith("middle", StringComparison.Ordinal)),
            };
            var call = gateway.ChatAsync(body, leave.Token);
            if (end == "client leaves")
            {
                await gateway.Upstream.WaitForRequestAsync();
                await leave.CancelAsync();
            }

            using var response = await call;
            if (end == "client leaves in the middle")
            {
                var stream = await response.Content.ReadAsStreamAsync();
                Assert.True(await stream.ReadAsync(new byte[10]) > 0);
            }
            else
            {
                await response.Content.ReadAsStringAsync();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException)
        {
            // As it should be.
        }

        await BudgetStageTests.SettledAsync(gateway.Host, limits[0]);
        var entries = await gateway.Host.LedgerAsync();
        Assert.Equal(end == "not json" ? 1 : entries.Length, entries.Length);
        long Sum(string field) => entries.Sum(e => e.GetProperty(field).GetInt64());
        var called = entries.Count(e => e.GetProperty("attempts").GetInt32() > 0);
        Assert.Equal(limits[0].Amount - Sum("cost_nano_usd"), gateway.Host.Remaining(limits[0]));
        Assert.Equal(limits[1].Amount - Sum("input_tokens") - Sum("output_tokens"), gateway.Host.Remaining(limits[1]));
        Assert.Equal(limits[2].Amount - called, gateway.Host.Remaining(limits[2]));
        Assert.Equal(limits[3].Amount, gateway.Host.Remaining(limits[3]));
        Assert.Equal(limits[4].Amount, gateway.Host.Remaining(limits[4]));
    }

    private static Script ScriptFor(string end) => end switch
    {
        "stream" => LimitedGateway.ChatStream,
        "provider error" => Script.Error(500),
        "provider cut" => Script.Reply(200, "application/json").ContentLength(1_000).Write("{\"id\":").ThenClose(),
        "stream cut" => Content().ThenClose(),
        "stream cut before content" => Script.Stream().SendHeaders().ThenReset(),
        "malformed" => Script.Json("<html>"),
        "absurd usage" => Script.Json("""{"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9000000000000000000,"completion_tokens":9000000000000000000}}"""),
        "no usage" => Script.Json("""{"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}]}"""),
        "client leaves" => Script.Silence(),
        "client leaves in the middle" => Content().ThenHang(),
        _ => Script.Json(LimitedGateway.ChatReply),
    };

    private static Script Content() => Script.Sse("""{"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"hi there"},"finish_reason":null}]}""");
}
