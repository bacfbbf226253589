namespace Gateway.Configuration;

/// <summary>The <c>state</c> section. Nothing of it can change without a restart.</summary>
internal sealed record StateConfig
{
    /// <summary>True: a Dapr state component. False: the database in the data directory.</summary>
    public bool IsDapr { get; init; }

    /// <summary>Name of the component.</summary>
    public string Component { get; init; } = "statestore";

    /// <summary>How long one call may take: 0.1 to 60 s, default 2 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);
}
