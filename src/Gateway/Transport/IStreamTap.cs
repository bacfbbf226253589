namespace Gateway.Transport;

/// <summary>Looks at each event of a stream as it passes. One instance per stream; never called concurrently.</summary>
internal interface IStreamTap
{
    /// <summary>True once the answer is complete, though the terminal event may still be missing.</summary>
    bool Finished { get; }

    /// <summary>Looks at one event.</summary>
    TapVerdict Observe(in StreamFrame frame);

    /// <summary>Whether frames are replaced by <see cref="Replacement"/> instead of being forwarded as they came.</summary>
    bool Replaces { get; }

    /// <summary>What stands for the frame observed last; empty for nothing. Valid until the next one is observed.</summary>
    ReadOnlySpan<byte> Replacement { get; }

    /// <summary>What to end with when the answer finished but its terminal event never came; empty when the dialect has none.</summary>
    ReadOnlyMemory<byte> MissingTerminator { get; }
}
