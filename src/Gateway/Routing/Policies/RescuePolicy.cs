namespace Gateway.Routing.Policies;

/// <summary>What is done when a stream breaks after the client has seen part of it.</summary>
internal enum RescuePolicy
{
    /// <summary>The stream ends in the dialect's error.</summary>
    Error,

    /// <summary>The answer is continued, on the same target or another.</summary>
    Resume,
}
