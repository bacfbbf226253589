using System.Buffers;

namespace Gateway.Dialects.Gemini;

/// <summary>How chunks stand in a stream to a client: as server-sent events, or as the elements of one JSON list.</summary>
internal interface IGeminiFraming
{
    /// <summary>Writes what comes before a chunk.</summary>
    void BeginChunk(IBufferWriter<byte> output);

    /// <summary>Writes what comes after a chunk.</summary>
    void EndChunk(IBufferWriter<byte> output);

    /// <summary>Writes what ends the stream.</summary>
    void End(IBufferWriter<byte> output);
}
