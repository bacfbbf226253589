using System.Text.Json;
using Gateway.Metering;
using Gateway.Routing.Attempts;

namespace Gateway.Routing;

/// <summary>The words that records have for what happened: snake_case, and stable once released. docs/explain.md lists them.</summary>
internal static class DecisionWords
{
    private static readonly string[] Skips = Names<SkipReason>();
    private static readonly string[] Reasons = Names<AttemptReason>();
    private static readonly string[] Outcomes = Names<AttemptOutcome>();

    /// <summary>Why a target was passed over.</summary>
    public static string Of(SkipReason reason) => Skips[(int)reason];

    /// <summary>Why a provider was called.</summary>
    public static string Of(AttemptReason reason) => Reasons[(int)reason];

    /// <summary>What became of a call.</summary>
    public static string Of(AttemptOutcome outcome) => Outcomes[(int)outcome];

    private static string[] Names<T>()
        where T : struct, Enum => [.. Enum.GetNames<T>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];
}
