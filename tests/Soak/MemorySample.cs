namespace Soak;

/// <summary>The size of a process.</summary>
/// <param name="Resident">Resident memory in bytes.</param>
/// <param name="Live">Bytes on the collector's heap, garbage not yet collected among them.</param>
/// <param name="Committed">Bytes that the collector holds.</param>
/// <param name="Sockets">Open sockets.</param>
internal readonly record struct MemorySample(long Resident, long Live, long Committed, int Sockets);
