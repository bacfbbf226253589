namespace Gateway.Configuration;

/// <summary>The <c>events</c> section. Nothing of it can change without a restart.</summary>
internal sealed record EventsConfig
{
    /// <summary>True: a Dapr pub/sub component. False: within the process.</summary>
    public bool IsDapr { get; init; }

    /// <summary>Name of the component.</summary>
    public string Component { get; init; } = "pubsub";
}
