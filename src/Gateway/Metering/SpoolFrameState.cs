namespace Gateway.Metering;

/// <summary>What <see cref="SpoolFrame.Read"/> found.</summary>
internal enum SpoolFrameState
{
    /// <summary>A whole, sound line.</summary>
    Whole,

    /// <summary>The beginning of a line.</summary>
    Partial,

    /// <summary>A line that does not match its checksum, or is none.</summary>
    Damaged,
}
