using Gateway.Routing.Strategies;

namespace Gateway.Configuration.Routes;

/// <summary>The strategies that a group can name, and which settings mean something to them.</summary>
internal static class RouteStrategies
{
    /// <summary>What a group uses that names none.</summary>
    public const string Default = "priority";

    /// <summary>Every name.</summary>
    public static readonly IReadOnlyList<string> Names = [Default];

    /// <summary>Whether it looks at the weights of targets.</summary>
    public static bool UsesWeights(string name) => name is "weighted";

    /// <summary>Makes one.</summary>
    public static TargetStrategy Create(string name) => PriorityStrategy.Instance;
}
