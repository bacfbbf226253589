namespace Gateway.Jobs.Health;

/// <summary>What the probe found of a provider.</summary>
internal sealed record ProviderProbe
{
    /// <summary>The provider.</summary>
    public string Provider { get; init; } = "";

    /// <summary>Whether it answers; a refusal is an answer.</summary>
    public bool Up { get; init; }

    /// <summary>The status it answered with; null: it did not answer.</summary>
    public int? Status { get; init; }

    /// <summary>Time to its answer in milliseconds.</summary>
    public double Milliseconds { get; init; }

    /// <summary>Why it is not <see cref="Up"/>, or null. Holds nothing that the provider said.</summary>
    public string? Reason { get; init; }

    /// <summary>When it was asked.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Since when it has been up, or down, without a break.</summary>
    public DateTimeOffset Since { get; init; }
}
