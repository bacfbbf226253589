namespace Gateway.Metering;

/// <summary>What the spool held when it was opened.</summary>
/// <param name="Segments">The segments in order.</param>
/// <param name="NextSequence">The sequence after the last line.</param>
/// <param name="CutBytes">How many torn bytes were cut off the end.</param>
internal sealed record SpoolContents(List<SpoolSegment> Segments, long NextSequence, long CutBytes);
