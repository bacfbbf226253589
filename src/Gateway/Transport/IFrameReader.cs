namespace Gateway.Transport;

/// <summary>Cuts a byte stream into frames. Every byte comes out again in some frame's <see cref="StreamFrame.Raw"/>, in order.</summary>
internal interface IFrameReader : IDisposable
{
    /// <summary>Bytes that belong to a frame whose end has not arrived.</summary>
    int PendingBytes { get; }

    /// <summary>Where the next bytes of the stream go; call <see cref="Advance"/> after.</summary>
    Memory<byte> GetMemory(int sizeHint);

    /// <summary>Says how many bytes were put where <see cref="GetMemory"/> pointed.</summary>
    void Advance(int count);

    /// <summary>Gives out the next whole frame, if there is one.</summary>
    /// <exception cref="InvalidDataException">The bytes can't be a frame (a bad checksum, an impossible length).</exception>
    bool TryRead(out StreamFrame frame);

    /// <summary>What closes a frame that was given out by <see cref="TryReadRest"/> without its end.</summary>
    ReadOnlySpan<byte> Ending => "\n\n"u8;

    /// <summary>At the end of the stream: gives out what is left as a frame, if the framing lets a last frame go without its end.</summary>
    bool TryReadRest(out StreamFrame frame);
}
