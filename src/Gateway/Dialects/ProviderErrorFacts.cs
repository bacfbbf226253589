namespace Gateway.Dialects;

/// <summary>What a provider's error body says. Text is only shown where the classification allows it.</summary>
/// <param name="Code">Machine-readable code, or null.</param>
/// <param name="Type">Machine-readable type, or null.</param>
/// <param name="Message">Text, or null.</param>
/// <param name="Param">The parameter at fault, or null.</param>
internal sealed record ProviderErrorFacts(string? Code, string? Type, string? Message, string? Param)
{
    /// <summary>How long to wait, where the body says it rather than a header; or null.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Nothing known.</summary>
    public static readonly ProviderErrorFacts None = new(null, null, null, null);
}
