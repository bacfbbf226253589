using System.Buffers;
using System.Buffers.Text;
using Gateway.Dialects.Anthropic;
using Gateway.Transport;

namespace Gateway.Dialects.BedrockInvoke;

/// <summary>Bedrock's <c>chunk</c> events: <c>{"bytes":"…"}</c>, the event in base64.</summary>
internal sealed class ChunkSink : IAnthropicEventSink
{
    public void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> type, ReadOnlySpan<byte> payload)
    {
        var head = "{\"bytes\":\""u8;
        var length = head.Length + Base64.GetMaxEncodedToUtf8Length(payload.Length) + 2;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var chunk = rented.AsSpan(0, length);
            head.CopyTo(chunk);
            Base64.EncodeToUtf8(payload, chunk[head.Length..], out _, out var written);
            "\"}"u8.CopyTo(chunk[(head.Length + written)..]);
            AmazonEventStreamWriter.WriteEvent(output, "chunk"u8, chunk[..(head.Length + written + 2)]);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
