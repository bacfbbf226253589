using System.Text;
using System.Text.Json;
using Gateway.Errors;
using Gateway.Metering;
using Gateway.Routing;
using Gateway.Routing.Attempts;

namespace Gateway.Tests.Routing.Decisions;

public class DecisionTextTests
{
    private static readonly GatewayError Overloaded = new(ErrorKinds.UpstreamOverloaded, "x") { UpstreamStatus = 503 };

    [Fact]
    public void Line_OfSeveralAttempts_SaysWhyEachWasMade()
    {
        using var request = Served();
        Assert.Equal(
            "route=fast rule=night arm=b; 1 a/m first failed 503 provider_overloaded 12ms; 2 a/m retry failed 503 provider_overloaded 5ms after 250ms; 3 b/n fallback completed 40ms; skipped a/m cooling_down",
            DecisionLine.Of(request.Context).Replace("completed 200", "completed", StringComparison.Ordinal));
    }

    [Fact]
    public void Line_OfAnAttemptUnderWay_SaysSo()
    {
        using var request = new AttemptedRequest();
        request.Context.Begin(request.A, Gateway.Protocol.Operation.ChatCompletions);
        Assert.Equal("route=fast; 1 a/m first under_way 0ms", DecisionLine.Of(request.Context));
    }

    [Fact]
    public void Line_OfAnyNames_IsBoundedAscii()
    {
        using var request = new AttemptedRequest();
        request.Context.Decision = new RoutingDecision { Rule = "é\r\nx-evil: 1" + new string('ß', 2_000) };
        var line = DecisionLine.Of(request.Context);
        Assert.Equal(DecisionLine.MaxLength, line.Length);
        Assert.All(line, c => Assert.InRange(c, ' ', '~'));
        Assert.EndsWith("...", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_OfSeveralAttempts_SaysAllButSecrets()
    {
        using var request = Served();
        var text = Encoding.UTF8.GetString(DecisionJson.Write(request.Context));
        Assert.DoesNotContain("canary", text, StringComparison.Ordinal);
        Assert.DoesNotContain("two", text, StringComparison.Ordinal); // the id of a provider's key
        var json = JsonDocument.Parse(text).RootElement;
        Assert.Equal(("req-1", "fast", "night", "b", "completed"), (Text(json, "request_id"), Text(json, "route"), Text(json, "rule"), Text(json, "arm"), Text(json, "outcome")));
        Assert.Equal(
            ["1 a/m first failed provider_overloaded", "2 a/m retry failed provider_overloaded", "3 b/n fallback completed "],
            json.GetProperty("attempts").EnumerateArray().Select(a => $"{a.GetProperty("number")} {Text(a, "target")} {Text(a, "reason")} {Text(a, "outcome")} {Text(a, "error")}"));
        Assert.Equal((250m, 12m, 5m, 503), (Number(json, 1, "pause_ms"), Number(json, 1, "start_ms"), Number(json, 1, "duration_ms"), (int)Number(json, 1, "status")));
        var skipped = Assert.Single(json.GetProperty("skipped").EnumerateArray());
        Assert.Equal(("a/m", "cooling_down"), (Text(skipped, "target"), Text(skipped, "reason")));
    }

    [Fact]
    public void Json_OfARequestWithoutARoute_IsWhole()
    {
        using var request = new AttemptedRequest(isNamed: false);
        Assert.Equal(JsonValueKind.Null, JsonDocument.Parse(DecisionJson.Write(request.Context)).RootElement.GetProperty("rule").ValueKind);
    }

    [Fact]
    public void ExplainPage_ListsEveryWord()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "explain.md"));
        var words = Enum.GetValues<SkipReason>().Select(DecisionWords.Of).Concat(Enum.GetValues<AttemptReason>().Select(DecisionWords.Of)).Concat(Enum.GetValues<AttemptOutcome>().Select(DecisionWords.Of));
        Assert.All(words, word => Assert.Contains($"| `{word}` |", page, StringComparison.Ordinal));
    }

    private static AttemptedRequest Served()
    {
        var request = new AttemptedRequest();
        var context = request.Context;
        context.Decision = new RoutingDecision { Rule = "night", Arm = "b" };
        request.Call(request.A, AttemptReason.First, 12, a => a.Error = Overloaded);
        request.Call(request.A, AttemptReason.Retry, 5, a => a.Error = Overloaded);
        context.Decision.Skip(request.A, SkipReason.CoolingDown);
        request.Call(request.B, AttemptReason.Fallback, 40, a => a.Outcome = context.Outcome = LedgerOutcome.Completed);
        return request;
    }

    private static string? Text(JsonElement json, string member) => json.GetProperty(member).GetString();

    private static decimal Number(JsonElement json, int attempt, string member) => json.GetProperty("attempts")[attempt].GetProperty(member).GetDecimal();
}
