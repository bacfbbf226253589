namespace Gateway.Jobs.Health;

/// <summary>The value in which the probe leaves what it found.</summary>
internal sealed record ProbeBoard
{
    /// <summary>Its key in the state store.</summary>
    public const string Key = "health:providers";

    /// <summary>The providers that were asked.</summary>
    public List<ProviderProbe> Providers { get; init; } = [];
}
