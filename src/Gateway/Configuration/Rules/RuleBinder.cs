using System.Text.Json;
using Gateway.Configuration.Documents;
using Gateway.Configuration.Settings;
using Gateway.Routing.Rules;

namespace Gateway.Configuration.Rules;

/// <summary>Reads <c>rules</c>. What <see cref="RuleSettings"/> refuses has been reported and counts as not written.</summary>
internal static class RuleBinder
{
    private const decimal NanosPerUsd = 1_000_000_000m;

    /// <summary>Binds a list of rules.</summary>
    public static IReadOnlyList<RuleConfig> Bind(ConfigNode? list) => list is { Kind: JsonValueKind.Array } ? [.. list.Items.Select(Rule)] : [];

    private static RuleConfig Rule(ConfigNode node) => new(Text(node.Find("name")) ?? "")
    {
        When = Text(node.Find("when")),
        Percent = Number(node.Find("percent")),
        Sticky = Text(node.Find("sticky")) switch
        {
            "user" => Stickiness.User,
            "key" => Stickiness.Key,
            "request" => Stickiness.Request,
            _ => null,
        },
        To = [.. (node.Find("to")?.Items ?? []).Select(Target)],
        Deny = Text(node.Find("deny")?.Find("message")),
        Shadow = node.Find("shadow") is { } shadow ? Shadow(shadow) : null,
    };

    private static RuleTargetConfig Target(ConfigNode node) => node.Kind == JsonValueKind.Object
        ? new RuleTargetConfig(Text(node.Find("target")) ?? "") { Weight = (int?)Number(node.Find("weight")) ?? 1, Arm = Text(node.Find("arm")) }
        : new RuleTargetConfig(Text(node) ?? "");

    private static RuleShadowConfig Shadow(ConfigNode node) => new(
        Text(node.Find("target")) ?? "",
        Number(node.Find("percent")) ?? 100,
        NumberShape.Read(node.Find("budgetUsdPerDay")) is { } usd and > 0 and <= 1_000_000 ? (long)(usd * NanosPerUsd) : 0);

    private static string? Text(ConfigNode? node) => node is { Kind: JsonValueKind.String } ? node.Text : null;

    private static double? Number(ConfigNode? node) => NumberShape.Read(node) is { } value and >= 0 and <= 1_000_000 ? (double)value : null;
}
