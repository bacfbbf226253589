namespace Gateway.Configuration;

/// <summary>The <c>telemetry</c> section. Nothing of it can change without a restart.</summary>
internal sealed record TelemetryConfig
{
    /// <summary>Whether <c>GET /metrics</c> answers.</summary>
    public bool MetricsEnabled { get; init; } = true;
}
