using System.Globalization;
using Gateway.Configuration.Documents;
using Gateway.Transport;

namespace Gateway.Configuration.Routes;

/// <summary>Checks what the settings under a route's <c>attempts</c> say together.</summary>
internal static class AttemptRules
{
    /// <summary>Reports every broken rule.</summary>
    /// <param name="route">What could be read.</param>
    /// <param name="node">The route as written.</param>
    /// <param name="problems">Gets the problems.</param>
    public static void Check(RouteConfig route, ConfigNode node, ProblemList problems)
    {
        var path = JsonPath.Member(RoutePaths.Of(route), "attempts");
        if (node.Find("attempts") is not { } written || problems.Touches(path)) return;
        var attempts = route.Attempts;
        if (written.Members.Count == 0) problems.Add(path, "says nothing and so has no effect; remove it");
        if (attempts.MostPerTarget > attempts.Most)
            Add("perTarget", $"is more than max ({attempts.Most}) and so can never be reached; lower it, or raise max");
        if (attempts.MostPerTarget == 1)
        {
            foreach (var name in (ReadOnlySpan<string>)["backoffMs", "maxBackoffMs", "shortWaitSeconds"])
            {
                if (written.Find(name) is not null) Add(name, "has no effect: no target is called twice; remove it, or raise perTarget");
            }
        }
        else
        {
            if (attempts.Backoff > attempts.MaxBackoff) Add("backoffMs", "is more than maxBackoffMs and so can never be reached; lower it, or raise maxBackoffMs");
            if (attempts.ShortWait > attempts.LongestWait) Add("shortWaitSeconds", "is more than longestWaitSeconds; lower it, or raise longestWaitSeconds");
        }

        if (attempts.MaxCostNanoUsd is not null && attempts.Most == 1) Add("maxCostUsd", "has no effect: there is only one attempt; remove it, or raise max");
        CheckHedge(route, Add);

        void Add(string name, string message) => problems.Add(JsonPath.Member(path, name), message);
    }

    /// <summary>Reports waits that are cut off by the limits on waiting.</summary>
    public static void CheckTimeouts(RouteConfig route, ConfigNode? node, TimeoutPolicy timeouts, ProblemList problems)
    {
        var path = JsonPath.Member(RoutePaths.Of(route), "attempts");
        if (node?.Find("attempts") is not { } written || problems.Touches(path)) return;
        if (written.Find("longestWaitSeconds") is not null && route.Attempts.LongestWait > timeouts.Total)
            problems.Add(JsonPath.Member(path, "longestWaitSeconds"), $"is longer than the timeout total ({Text(timeouts.Total)} s) and so can never be reached; lower it, or raise total");
        if (route.Attempts.HedgeAfter >= timeouts.FirstToken)
            problems.Add(JsonPath.Member(path, "hedgeAfterSeconds"), $"has no effect: the timeout firstToken ({Text(timeouts.FirstToken)} s) ends the attempt before; lower it, or raise firstToken");
    }

    private static void CheckHedge(RouteConfig route, Action<string, string> add)
    {
        if (route.Attempts.HedgeAfter is null) return;
        if (route.Targets.Count() == 1) add("hedgeAfterSeconds", "has no effect: there is no other target to call; remove it, or add targets");
        else if (route.Attempts.Most == 1) add("hedgeAfterSeconds", "has no effect: there is only one attempt; remove it, or raise max");
    }

    private static string Text(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
}
