namespace Gateway.Metering;

/// <summary>What became of one call of a provider.</summary>
internal enum AttemptOutcome
{
    /// <summary>It is not over.</summary>
    UnderWay,

    /// <summary>It answered to the end.</summary>
    Completed,

    /// <summary>It failed before the client saw any of an answer.</summary>
    Failed,

    /// <summary>Its answer broke off after the client had seen some of it.</summary>
    Interrupted,

    /// <summary>The client left.</summary>
    Aborted,

    /// <summary>It was given up for another attempt, which answered first or goes on better with what broke off.</summary>
    Superseded,
}
