namespace Gateway.Routing.Health;

/// <summary>What a call says of its target.</summary>
internal enum CallVerdict
{
    /// <summary>Nothing: the client left, another call was quicker, or the target was never reached for reasons of the gateway's.</summary>
    None,

    /// <summary>It answers, be it with a refusal.</summary>
    Alive,

    /// <summary>It failed, and is to blame.</summary>
    Failed,
}
