using System.Globalization;
using Gateway.Configuration.Rules;
using Gateway.Configuration.Settings;
using Gateway.Routing;
using Gateway.Routing.Policies;

namespace Gateway.Configuration.Routes;

/// <summary>The settings of routes.</summary>
internal static class RouteSettings
{
    /// <summary>Largest weight of a target.</summary>
    public const int LargestWeight = 1_000_000;

    /// <summary>The words of a route's <c>affinity</c>.</summary>
    public static readonly IReadOnlyList<string> Affinities = ["user", "prompt", "key"];

    /// <summary>A route.</summary>
    public static ObjectShape Route() => new(
        new Setting("targets", Targets(), "Where requests go. A target is written in full where more is to be said of it."),
        new Setting("strategy", Strategy(), "How one of several targets is chosen. Default: priority, the first that can serve; with affinity hash."),
        new Setting("groups", new ListShape(Group(), 1) { MaxItems = RouteSnapshot.MostTargets }, "Groups of targets in order of preference, instead of targets: the next is used when no target of those before it can serve."),
        new Setting("affinity", new EitherShape(new TextShape(TextRule.OneOf(Affinities)), new ObjectShape(new Setting("header", new TextShape(TextRules.RequestHeader), "A header of the request.") { Required = true })), "What keeps requests on one target, so that its prompt cache stays warm: the end user, how the conversation begins, the key, or a header."),
        new Setting("rescue", new TextShape(TextRule.OneOf("error", "resume")), "What is done when a stream breaks after the client has seen part of it: it ends in an error, or the answer is continued.") { Default = "\"error\"" },
        new Setting("attempts", Attempts(), "How often and how soon providers are called again for one request."),
        new Setting("residency", Labels(), "Where requests may be served, in the words of the providers' residency. Default: anywhere."),
        new Setting("retention", Labels(), "For how long providers may keep what they are sent, in the words of the providers' retention. Default: any time."),
        new Setting("rules", RuleSettings.List(), "What sends requests elsewhere, divides, refuses or mirrors them: the first that matches decides."),
        new Setting("timeouts", GatewaySettings.Timeouts(withDefaults: false), "Limits on waiting for this route, in seconds. Default: those of the first target's provider."),
        new Setting("unknownPrice", new TextShape(GatewaySettings.UnknownPrices), "As the setting of the same name at the top, for this route."),
        new Setting("strict", new FlagShape(), "Refuse a request when a target can't be told all of it, instead of naming what was left out in x-gateway-dropped.") { Default = "false" })
    {
        ExactlyOneOf = ["targets", "groups"],
        NotBoth = ("strategy", "groups"),
    };

    /// <summary>Words for places and times that data may be at and kept for.</summary>
    public static ListShape Labels() => new(new TextShape(TextRules.Id), 1) { MaxItems = 64 };

    private static ObjectShape Group() => new(
        new Setting("targets", Targets(), "Targets that may stand for each other.") { Required = true },
        new Setting("strategy", Strategy(), "How one of them is chosen. Default: as for the route."));

    private static TextShape Strategy() => new(TextRule.OneOf(RouteStrategies.Names));

    private static ListShape Targets() => new(new EitherShape(new TextShape(TextRules.Target), Target()), 1) { MaxItems = RouteSnapshot.MostTargets };

    private static ObjectShape Target() => new(
        new Setting("target", new TextShape(TextRules.Target), "The provider and its model.") { Required = true },
        new Setting("weight", new NumberShape(0, LargestWeight), "Its share of the requests, relative to the group's other targets; with 0 it is used only when they can't serve. Default: 1."),
        new Setting("keys", new ListShape(new TextShape(TextRules.Id), 1), "Ids of those of the provider's keys that are used. Default: all that serve the model."),
        new Setting("region", new TextShape(TextRules.CloudRegion), "The region of a provider that has its region in its address. Default: the provider's own."),
        new Setting("residency", new TextShape(TextRules.Id), "Where that region is, as the provider's residency. Default: not known."),
        new Setting("spillAbove", new NumberShape(1, 1_000_000), "With so many calls in flight it counts as busy for the strategy spillover. Default: it is busy only when it says so itself."),
        new Setting("maxConcurrency", new NumberShape(1, 1_000_000), "Calls of this target in flight at once, in each replica, whatever routes they come from. Default: no limit of its own."));

    private static ObjectShape Attempts()
    {
        var defaults = AttemptPolicy.Default;
        return new(
            new Setting("max", new NumberShape(1, 6), "Calls of providers in all.") { Default = Number(defaults.Most) },
            new Setting("perTarget", new NumberShape(1, 3), "Calls of one target in all.") { Default = Number(defaults.MostPerTarget) },
            new Setting("backoffMs", new NumberShape(0, 60_000), "The longest pause before the first retry of a target, in milliseconds; it doubles with each. The pause itself is random.") { Default = Number(defaults.Backoff.TotalMilliseconds) },
            new Setting("maxBackoffMs", new NumberShape(0, 60_000), "The longest pause before any retry, in milliseconds.") { Default = Number(defaults.MaxBackoff.TotalMilliseconds) },
            new Setting("shortWaitSeconds", new NumberShape(0, 60, 3), "A Retry-After up to this is waited for though another target could serve, in seconds.") { Default = Number(defaults.ShortWait.TotalSeconds) },
            new Setting("longestWaitSeconds", new NumberShape(0, 600, 3), "A Retry-After up to this is waited for when no other target can serve, in seconds.") { Default = Number(defaults.LongestWait.TotalSeconds) },
            new Setting("maxCostUsd", new NumberShape(0.000000001m, 1_000_000, 9), "What attempts that were billed may cost together before no further one is begun, in dollars. Default: the caller's limits only."),
            new Setting("hedgeAfterSeconds", new NumberShape(0.001m, 3_600, 3), "Without content for this long, another target is called as well and the first to answer serves, in seconds. Default: never."));
    }

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
