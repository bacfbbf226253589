using System.Buffers;

namespace Gateway.Dialects.Anthropic;

/// <summary>Puts events of a Messages stream into the frames of a wire.</summary>
internal interface IAnthropicEventSink
{
    /// <summary>Writes one event.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="type">Its type, as in the payload.</param>
    /// <param name="payload">The event as JSON; free of line breaks.</param>
    void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> type, ReadOnlySpan<byte> payload);
}
