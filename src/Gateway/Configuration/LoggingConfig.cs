using Microsoft.Extensions.Logging;

namespace Gateway.Configuration;

/// <summary>The <c>logging</c> section. Nothing of it can change without a restart.</summary>
internal sealed record LoggingConfig
{
    /// <summary>The least severe messages to log.</summary>
    public LogLevel Level { get; init; } = LogLevel.Information;

    /// <summary>True: one JSON object a line. False: text for people.</summary>
    public bool Json { get; init; } = true;
}
