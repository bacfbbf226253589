namespace Gateway.Transport;

/// <summary>Looks at each event of a stream as it passes. One instance per stream; never called concurrently.</summary>
internal interface IStreamTap
{
    /// <summary>True once the answer is complete, though the terminal event may still be missing.</summary>
    bool Finished { get; }

    /// <summary>Looks at one event.</summary>
    TapVerdict Observe(in SseEvent sseEvent);

    /// <summary>What to end with when the answer finished but its terminal event never came; empty when the dialect has none.</summary>
    ReadOnlyMemory<byte> MissingTerminator { get; }
}
