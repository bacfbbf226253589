using System.Text;
using System.Text.Json;
using CsCheck;
using Gateway.Configuration;

namespace Gateway.Tests.Configuration.Routes;

public class RouteRoundTripTests
{
    private const string Rest =
        """
        "providers": {
          "openai": { "keys": [ { "id": "a", "key": "env:K1" }, { "id": "b", "key": "env:K2" }, { "id": "c", "key": "env:K3" } ], "residency": "eu", "retention": "none", "maxConcurrency": 9 },
          "groq": { "apiKey": "env:K1", "residency": "eu", "retention": "30d" },
          "bedrock": { "credential": { "aws": {} }, "residency": "eu", "retention": "30d" } }
        """;

    private static readonly (string, string)[] Environment = [("K1", "1"), ("K2", "2"), ("K3", "3"), ("AWS_ACCESS_KEY_ID", "AKID"), ("AWS_SECRET_ACCESS_KEY", "s"), ("AWS_REGION", "eu-west-1")];

    private static readonly Gen<string> Strategies = Among("priority", "weighted", "round_robin", "least_in_flight", "lowest_latency", "lowest_cost", "usage_based", "spillover", "");

    /// <summary>What an effective configuration says of routes is itself a configuration, and amounts to the same.</summary>
    [Fact]
    public void Effective_ReadAgain_IsTheSame() => Route.Sample(route =>
    {
        var first = Effective(route);
        var routes = JsonDocument.Parse(first).RootElement.GetProperty("routes").GetProperty("r").GetRawText();
        Assert.Equal(first, Effective(routes));
    });

    private static Gen<string> Route =>
        from sizes in Gen.Int[1, 4].Array[1, 3]
        from isGrouped in Gen.Bool
        from affinity in Among("", "\"user\"", "\"prompt\"", "\"key\"", "{ \"header\": \"x-session\" }")
        from strategies in Strategies.Array[3]
        from details in Gen.Int[0, 63].Array[12]
        from attempts in Attempts
        from policy in Among("", ", \"residency\": [\"eu\"]", ", \"retention\": [\"none\", \"30d\"], \"residency\": [\"eu\"]")
        from rest in Among("", ", \"rescue\": \"resume\"", ", \"strict\": true, \"unknownPrice\": \"fail\"", ", \"timeouts\": { \"total\": 700, \"idle\": 3.25 }")
        select Text(isGrouped ? sizes : [sizes[0]], isGrouped, affinity, strategies, details, attempts, policy + rest);

    private static Gen<string> Attempts =>
        from max in Gen.Int[1, 6]
        from perTarget in Gen.Int[1, 3]
        from backoff in Gen.Int[0, 1_000]
        from wait in Gen.Int[0, 40]
        from flags in Gen.Int[0, 15]
        select Members(
            (true, $"\"max\": {max}"),
            (perTarget <= max, $"\"perTarget\": {perTarget}"),
            ((flags & 1) != 0 && perTarget is > 1 && perTarget <= max, $"\"backoffMs\": {backoff}, \"maxBackoffMs\": {backoff * 2}"),
            ((flags & 2) != 0, $"\"longestWaitSeconds\": {wait / 4m}"),
            ((flags & 4) != 0 && max > 1, "\"maxCostUsd\": 0.000000007"),
            ((flags & 8) != 0 && max > 1, "\"hedgeAfterSeconds\": 0.125"));

    private static string Members(params (bool Is, string Text)[] members) => string.Join(", ", members.Where(m => m.Is).Select(m => m.Text));

    private static string Text(int[] sizes, bool isGrouped, string affinity, string[] strategies, int[] details, string attempts, string rest)
    {
        var next = 0;
        var hasAffinity = affinity.Length > 0 && sizes.Any(s => s > 1);
        var groups = sizes.Select((size, g) =>
        {
            var strategy = size > 1 && !(hasAffinity && strategies[g] is ("priority" or "spillover")) ? strategies[g] : "";
            var weighs = size > 1 && (strategy == "weighted" || (hasAffinity && strategy is not ("priority" or "spillover")));
            var targets = Enumerable.Range(0, size).Select(t => Target(next++, details[g * 4 + t], weighs, strategy == "spillover" && t < size - 1));
            return $"{(strategy.Length > 0 ? $"\"strategy\": \"{strategy}\", " : "")}\"targets\": [{string.Join(", ", targets)}]";
        }).ToList();
        if (sizes.Sum() == 1) attempts = string.Join(", ", attempts.Split(", ").Where(a => !a.Contains("hedge", StringComparison.Ordinal)));
        var body = isGrouped ? $"\"groups\": [{string.Join(", ", groups.Select(g => $"{{ {g} }}"))}]" : groups[0];
        return $$"""{ {{body}}{{(hasAffinity ? ", \"affinity\": " + affinity : "")}}, "attempts": { {{attempts}} }{{rest}} }""";
    }

    private static string Target(int number, int detail, bool weighs, bool spills)
    {
        var (provider, place) = (detail & 3) switch
        {
            0 => ("groq", ""),
            1 => ("openai", ", \"keys\": [\"b\", \"a\"]"),
            2 => ("bedrock", ", \"region\": \"eu-north-1\", \"residency\": \"eu\""),
            _ => ("openai", ""),
        };
        var more = place + Each(4 & detail, weighs, ", \"weight\": 7") + Each(8 & detail, spills, ", \"spillAbove\": 3") + Each(16 & detail, true, ", \"maxConcurrency\": 5");
        return more.Length == 0 && detail < 32 ? $"\"{provider}/m{number}\"" : $"{{ \"target\": \"{provider}/m{number}\"{more} }}";

        static string Each(int wanted, bool may, string text) => wanted != 0 && may ? text : "";
    }

    private static string Effective(string route)
    {
        var build = Configured.Build($$"""{ {{Rest}}, "routes": { "r": {{route}} } }""", Environment);
        Assert.True(build.Problems.Count == 0, route + "\n" + string.Join('\n', build.Problems));
        return Encoding.UTF8.GetString(EffectiveConfiguration.Write(build.Config!, build.Providers));
    }

    private static Gen<string> Among(params string[] texts) => Gen.OneOf([.. texts.Select(Gen.Const)]);
}
