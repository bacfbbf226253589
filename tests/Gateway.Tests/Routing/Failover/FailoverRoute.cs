namespace Gateway.Tests.Routing.Failover;

/// <summary>What a route has besides its faulty target.</summary>
internal enum FailoverRoute
{
    /// <summary>A healthy fallback.</summary>
    Two,

    /// <summary>Nothing.</summary>
    One,

    /// <summary>A healthy fallback, and leave to continue what broke off.</summary>
    Resume,
}
