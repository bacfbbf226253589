namespace Gateway.Events.Dapr;

/// <summary>How the event bus is reached through Dapr.</summary>
internal sealed record DaprBusOptions
{
    /// <summary>The component's name.</summary>
    public string Component { get; init; } = "pubsub";

    /// <summary>The token that the sidecar asks for; null: none.</summary>
    public string? ApiToken { get; init; }

    /// <summary>How long one call may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often an event is handed over in this process before it goes to the dead letters.</summary>
    public int Tries { get; init; } = 10;

    /// <summary>
    /// How long it is handed over at least before that, from the first time on. A sidecar may deliver ten times within a second, and what is away for a second,
    /// such as the state store, must cost no event.
    /// </summary>
    public TimeSpan TryFor { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Largest number of events in one call.</summary>
    public int EventsPerCall { get; init; } = 100;

    /// <summary>Bytes of events after which a call takes no more: the sidecar takes 4 MiB by default.</summary>
    public int BytesPerCall { get; init; } = 1 << 20;
}
