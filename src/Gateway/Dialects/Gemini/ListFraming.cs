using System.Buffers;

namespace Gateway.Dialects.Gemini;

/// <summary>Chunks as the elements of one JSON list, which clients get who don't ask for events. One instance per stream.</summary>
internal sealed class ListFraming : IGeminiFraming
{
    private bool _hasBegun;

    public void BeginChunk(IBufferWriter<byte> output)
    {
        output.Write(_hasBegun ? ",\r\n"u8 : "["u8);
        _hasBegun = true;
    }

    public void EndChunk(IBufferWriter<byte> output)
    {
    }

    public void End(IBufferWriter<byte> output) => output.Write(_hasBegun ? "]"u8 : "[]"u8);
}
