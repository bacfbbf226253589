using System.Buffers;

namespace Gateway.Dialects.Gemini;

/// <summary>Chunks as the elements of one JSON list, which clients get who don't ask for events. One instance per stream.</summary>
internal sealed class ListFraming : IGeminiFraming
{
    /// <summary>Whether an element has been written.</summary>
    public bool HasBegun { get; private set; }

    public void BeginChunk(IBufferWriter<byte> output)
    {
        output.Write(HasBegun ? ",\r\n"u8 : "["u8);
        HasBegun = true;
    }

    public void EndChunk(IBufferWriter<byte> output)
    {
    }

    public void End(IBufferWriter<byte> output) => output.Write(HasBegun ? "]"u8 : "[]"u8);
}
