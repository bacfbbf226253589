using System.Buffers;

namespace Gateway.Dialects.Anthropic;

/// <summary>Server-sent events, named after the payload's type.</summary>
internal sealed class ServerSentEventSink : IAnthropicEventSink
{
    public void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> type, ReadOnlySpan<byte> payload)
    {
        output.Write("event: "u8);
        output.Write(type);
        output.Write("\ndata: "u8);
        output.Write(payload);
        output.Write("\n\n"u8);
    }
}
