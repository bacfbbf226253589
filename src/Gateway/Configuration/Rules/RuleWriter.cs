using System.Text.Json;
using Gateway.Routing.Rules;

namespace Gateway.Configuration.Rules;

/// <summary>Writes rules as they count.</summary>
internal static class RuleWriter
{
    private const decimal NanosPerUsd = 1_000_000_000m;

    /// <summary>Writes the member <c>rules</c>; nothing when there are none.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<RuleConfig> rules)
    {
        if (rules.Count == 0)
            return;
        json.WriteStartArray("rules");
        foreach (var rule in rules)
            Write(json, rule);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, RuleConfig rule)
    {
        json.WriteStartObject();
        json.WriteString("name", rule.Name);
        if (rule.When is { } when)
            json.WriteString("when", when);
        if (rule.Percent is { } percent)
            json.WriteNumber("percent", percent);
        json.WriteString("sticky", (rule.Sticky ?? Stickiness.User) switch
        {
            Stickiness.Key => "key",
            Stickiness.Request => "request",
            _ => "user",
        });
        if (rule.To.Count > 0)
            WriteTargets(json, rule.To);
        if (rule.Deny is { } message)
        {
            json.WriteStartObject("deny");
            json.WriteString("message", message);
            json.WriteEndObject();
        }

        if (rule.Shadow is { } shadow)
        {
            json.WriteStartObject("shadow");
            json.WriteString("target", shadow.Target);
            json.WriteNumber("percent", shadow.Percent);
            json.WriteNumber("budgetUsdPerDay", shadow.NanoUsdPerDay / NanosPerUsd);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteTargets(Utf8JsonWriter json, IReadOnlyList<RuleTargetConfig> targets)
    {
        json.WriteStartArray("to");
        foreach (var target in targets)
        {
            if (target.Weight is not { } weight)
            {
                json.WriteStringValue(target.Target);
                continue;
            }

            json.WriteStartObject();
            json.WriteString("target", target.Target);
            json.WriteNumber("weight", weight);
            if (target.Arm is { } arm)
                json.WriteString("arm", arm);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
