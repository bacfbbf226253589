namespace Gateway.State.Dapr;

/// <summary>How the state store is reached through Dapr.</summary>
internal sealed record DaprStateOptions
{
    /// <summary>The component's name.</summary>
    public string Component { get; init; } = "statestore";

    /// <summary>How long one call may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>After so many failures in a row calls fail at once, without asking.</summary>
    public int FailuresToRest { get; init; } = 3;

    /// <summary>How long they do, until one call is let through to see.</summary>
    public TimeSpan Rest { get; init; } = TimeSpan.FromSeconds(1);
}
