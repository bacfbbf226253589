using System.Text.Json;
using Gateway.Configuration.Documents;
using Gateway.Configuration.Rules;
using Gateway.Configuration.Settings;
using Gateway.Routing.Policies;
using static Gateway.Configuration.ConfigBinder;

namespace Gateway.Configuration.Routes;

/// <summary>Reads one entry of the <c>routes</c> section. What the settings refuse counts as not written.</summary>
internal static class RouteBinder
{
    /// <summary>Binds an entry.</summary>
    public static RouteConfig Bind(string name, ConfigNode node)
    {
        var isGrouped = node.Find("groups") is not null;
        var header = Text(node.Find("affinity")?.Find("header"));
        return new RouteConfig(name, isGrouped ? [.. Items(node.Find("groups")).Select(Group)] : [Group(node)])
        {
            IsGrouped = isGrouped,
            Timeouts = Timeouts(node.Find("timeouts")),
            Attempts = node.Find("attempts") is { } attempts ? Attempts(attempts) : AttemptPolicy.Default,
            Rescue = Text(node.Find("rescue")) == "resume" ? RescuePolicy.Resume : RescuePolicy.Error,
            Data = Data(node),
            Affinity = header is not null ? AffinityPolicy.Header : Affinity(Text(node.Find("affinity"))),
            AffinityHeader = header,
            Rules = RuleBinder.Bind(node.Find("rules")),
            UnknownPrice = Policy(node.Find("unknownPrice")),
            Strict = Flag(node.Find("strict")) ?? false,
        };
    }

    /// <summary>Amounts of money in billionths; null when there is none that fits.</summary>
    public static long? Nano(ConfigNode? node) => NumberShape.Read(node) is { } usd and > 0 and <= 1_000_000 ? (long)(usd * 1_000_000_000m) : null;

    private static DataPolicy? Data(ConfigNode node) =>
        DataPolicy.Of(node.Find("residency") is { } residency ? Texts(residency) : null, node.Find("retention") is { } retention ? Texts(retention) : null);

    private static TargetGroupConfig Group(ConfigNode node) => new(Text(node.Find("strategy")), [.. Items(node.Find("targets")).Select(Target)]);

    // What is no target keeps its place, so that later ones are reported where they are.
    private static TargetConfig Target(ConfigNode node) => node.Kind != JsonValueKind.Object
        ? new TargetConfig(Text(node) ?? "")
        : new TargetConfig(Text(node.Find("target")) ?? "")
        {
            Weight = (int?)Whole(node.Find("weight")),
            Keys = node.Find("keys") is { } keys ? Texts(keys) : null,
            Region = Text(node.Find("region")),
            Residency = Text(node.Find("residency")),
            SpillAbove = (int?)Whole(node.Find("spillAbove")),
            MaxConcurrency = (int?)Whole(node.Find("maxConcurrency")),
        };

    private static AffinityPolicy Affinity(string? word) => word switch
    {
        "user" => AffinityPolicy.User,
        "prompt" => AffinityPolicy.Prompt,
        "key" => AffinityPolicy.Key,
        _ => AffinityPolicy.None,
    };

    // A default gives way to what is written of its pair: who writes one half must not have to write the other.
    private static AttemptPolicy Attempts(ConfigNode node)
    {
        var defaults = AttemptPolicy.Default;
        var most = (int?)Whole(node.Find("max")) ?? defaults.Most;
        var backoff = Milliseconds(node.Find("backoffMs"));
        var maxBackoff = Milliseconds(node.Find("maxBackoffMs"));
        var shortWait = Seconds(node.Find("shortWaitSeconds"));
        var longestWait = Seconds(node.Find("longestWaitSeconds"));
        return new AttemptPolicy
        {
            Most = most,
            MostPerTarget = (int?)Whole(node.Find("perTarget")) ?? Math.Min(defaults.MostPerTarget, most),
            Backoff = backoff ?? Less(defaults.Backoff, maxBackoff),
            MaxBackoff = maxBackoff ?? More(defaults.MaxBackoff, backoff),
            ShortWait = shortWait ?? Less(defaults.ShortWait, longestWait),
            LongestWait = longestWait ?? More(defaults.LongestWait, shortWait),
            MaxCostNanoUsd = Nano(node.Find("maxCostUsd")),
            HedgeAfter = Seconds(node.Find("hedgeAfterSeconds")),
        };
    }

    private static TimeSpan? Milliseconds(ConfigNode? node) => Whole(node) is { } ms ? TimeSpan.FromMilliseconds(ms) : null;

    private static TimeSpan Less(TimeSpan value, TimeSpan? bound) => bound < value ? bound.Value : value;

    private static TimeSpan More(TimeSpan value, TimeSpan? bound) => bound > value ? bound.Value : value;
}
