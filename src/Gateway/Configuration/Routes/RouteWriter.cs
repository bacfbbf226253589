using System.Text.Json;
using Gateway.Routing;
using Gateway.Routing.Policies;

namespace Gateway.Configuration.Routes;

/// <summary>Writes routes as part of <see cref="EffectiveConfiguration"/>, in the form in which they are read; what would have no effect is left out.</summary>
internal static class RouteWriter
{
    /// <summary>Writes a route, its limits on waiting aside, into an open object.</summary>
    /// <param name="json">Gets it.</param>
    /// <param name="route">The route.</param>
    /// <param name="common">What is done with unknown prices where the route does not say.</param>
    public static void WriteMembers(Utf8JsonWriter json, RouteConfig route, UnknownPricePolicy common)
    {
        if (route.IsGrouped)
        {
            json.WriteStartArray("groups");
            foreach (var group in route.Groups)
            {
                json.WriteStartObject();
                WriteGroup(json, route, group);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
        else
        {
            WriteGroup(json, route, route.Groups[0]);
        }

        WriteAffinity(json, route);
        json.WriteString("rescue", route.Rescue == RescuePolicy.Resume ? "resume" : "error");
        WriteAttempts(json, route.Attempts);
        if (route.Data is { } data)
        {
            WriteTexts(json, "residency", data.Residencies);
            WriteTexts(json, "retention", data.Retentions);
        }

        json.WriteBoolean("strict", route.Strict);
        json.WriteString("unknownPrice", (route.UnknownPrice ?? common) == UnknownPricePolicy.Fail ? "fail" : "ceiling");
    }

    private static void WriteGroup(Utf8JsonWriter json, RouteConfig route, TargetGroupConfig group)
    {
        if (group.Targets.Count > 1) json.WriteString("strategy", RouteStrategies.Of(route, group));
        json.WriteStartArray("targets");
        foreach (var target in group.Targets) WriteTarget(json, target, group.Targets.Count > 1 && RouteStrategies.UsesWeights(route, group));
        json.WriteEndArray();
    }

    private static void WriteTarget(Utf8JsonWriter json, TargetConfig target, bool hasWeight)
    {
        if (!hasWeight && target == new TargetConfig(target.Address))
        {
            json.WriteStringValue(target.Address);
            return;
        }

        json.WriteStartObject();
        json.WriteString("target", target.Address);
        if (hasWeight) json.WriteNumber("weight", target.Weight ?? 1);
        WriteTexts(json, "keys", target.Keys ?? []);
        if (target.Region is { } region) json.WriteString("region", region);
        if (target.Residency is { } residency) json.WriteString("residency", residency);
        if (target.SpillAbove is { } above) json.WriteNumber("spillAbove", above);
        if (target.MaxConcurrency is { } most) json.WriteNumber("maxConcurrency", most);
        json.WriteEndObject();
    }

    private static void WriteAffinity(Utf8JsonWriter json, RouteConfig route)
    {
        if (route.AffinityHeader is { } header)
        {
            json.WriteStartObject("affinity");
            json.WriteString("header", header);
            json.WriteEndObject();
        }
        else if (route.Affinity != AffinityPolicy.None)
        {
            json.WriteString("affinity", route.Affinity.ToString().ToLowerInvariant());
        }
    }

    private static void WriteAttempts(Utf8JsonWriter json, AttemptPolicy attempts)
    {
        json.WriteStartObject("attempts");
        json.WriteNumber("max", attempts.Most);
        json.WriteNumber("perTarget", attempts.MostPerTarget);
        if (attempts.MostPerTarget > 1)
        {
            json.WriteNumber("backoffMs", (long)attempts.Backoff.TotalMilliseconds);
            json.WriteNumber("maxBackoffMs", (long)attempts.MaxBackoff.TotalMilliseconds);
            json.WriteNumber("shortWaitSeconds", (decimal)attempts.ShortWait.TotalSeconds);
        }

        json.WriteNumber("longestWaitSeconds", (decimal)attempts.LongestWait.TotalSeconds);
        if (attempts.MaxCostNanoUsd is { } cost) json.WriteNumber("maxCostUsd", cost / 1_000_000_000m);
        if (attempts.HedgeAfter is { } hedge) json.WriteNumber("hedgeAfterSeconds", (decimal)hedge.TotalSeconds);
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0) return;
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
