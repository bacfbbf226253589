namespace Gateway.Metering;

/// <summary>When the spool is forced to the disk. Either way an entry outlives a killed process.</summary>
internal enum FsyncMode
{
    /// <summary>Every few milliseconds, while there is something new.</summary>
    Interval,

    /// <summary>Before an append completes.</summary>
    Always,
}
