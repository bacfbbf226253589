namespace Gateway.Providers;

/// <summary>How providers write when a limit is whole again.</summary>
internal enum RateLimitReset
{
    /// <summary>They do not.</summary>
    None,

    /// <summary>A duration such as <c>1m30s</c>.</summary>
    Duration,

    /// <summary>A time of RFC 3339.</summary>
    Time,

    /// <summary>Seconds from now, perhaps with decimals.</summary>
    Seconds,

    /// <summary>Seconds since 1970.</summary>
    EpochSeconds,

    /// <summary>Milliseconds since 1970.</summary>
    EpochMilliseconds,
}
