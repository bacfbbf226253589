using System.Buffers;

namespace Gateway.Dialects.Gemini;

/// <summary>Chunks as server-sent events (<c>alt=sse</c>). Nothing marks the end.</summary>
internal sealed class EventFraming : IGeminiFraming
{
    /// <summary>It has no state.</summary>
    public static readonly EventFraming Instance = new();

    public void BeginChunk(IBufferWriter<byte> output) => output.Write("data: "u8);

    public void EndChunk(IBufferWriter<byte> output) => output.Write("\r\n\r\n"u8);

    public void End(IBufferWriter<byte> output)
    {
    }
}
