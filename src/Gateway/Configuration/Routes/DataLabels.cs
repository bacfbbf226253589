using Gateway.Configuration.Documents;
using Gateway.Routing.Policies;

namespace Gateway.Configuration.Routes;

/// <summary>Finds words in data policies that no provider says of itself.</summary>
internal static class DataLabels
{
    /// <summary>Reports every such word.</summary>
    /// <param name="config">The configuration, which has the words of providers.</param>
    /// <param name="policy">The policy, or null.</param>
    /// <param name="path">Where what has the policy is written.</param>
    /// <param name="problems">Gets the problems.</param>
    public static void Check(GatewayConfig config, DataPolicy? policy, string path, ProblemList problems)
    {
        if (policy is null) return;
        Check(policy.Residencies, "residency", config.Providers.Select(p => p.Residency).Concat(config.Routes.SelectMany(r => r.Targets).Select(t => t.Residency)), path, problems);
        Check(policy.Retentions, "retention", config.Providers.Select(p => p.Retention), path, problems);
    }

    private static void Check(IReadOnlyList<string> words, string name, IEnumerable<string?> said, string path, ProblemList problems)
    {
        List<string> known = [.. said.OfType<string>().Distinct(StringComparer.Ordinal)];
        for (var i = 0; i < words.Count; i++)
        {
            if (!known.Contains(words[i]))
                problems.Add(JsonPath.Item(JsonPath.Member(path, name), i), $"names \"{words[i]}\", which no provider has as its {name}{Suggestion.For(words[i], known)}");
        }
    }
}
