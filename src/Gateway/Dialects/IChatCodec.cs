using System.Buffers;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects;

/// <summary>
/// Reads and writes one chat wire format in full, for the translate lane: one wire in, the canonical model, another wire out.
/// Stateless; the streams' state is in what <see cref="CreateStreamDecoder"/> and <see cref="CreateStreamEncoder"/> make.
/// </summary>
internal interface IChatCodec
{
    /// <summary>The wire.</summary>
    Operation Wire { get; }

    /// <summary>Reads a client's request.</summary>
    /// <param name="body">UTF-8 JSON.</param>
    /// <param name="facts">What is already known: model and stream may stand in the path.</param>
    /// <exception cref="RequestFormatException">The request is not one of this wire.</exception>
    /// <exception cref="System.Text.Json.JsonException">It is not JSON.</exception>
    ChatRequest ReadRequest(ReadOnlyMemory<byte> body, RequestFacts facts);

    /// <summary>Writes the body of a request to a provider, in a stable order of members.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="request">The request. It is not changed.</param>
    /// <param name="target">The model and what it is known to take.</param>
    /// <param name="dropped">Told what the target can't be told.</param>
    /// <exception cref="RequestFormatException">The request can't be said on this wire at all (audio input to a wire without audio).</exception>
    void WriteRequest(IBufferWriter<byte> output, ChatRequest request, TargetTraits target, DroppedMembers dropped);

    /// <summary>Whether this wire takes media by address; otherwise the gateway fetches it and sends the data.</summary>
    bool TakesMediaUrl(string url, TargetTraits target);

    /// <summary>The same, for wires where it also matters what the media is: some take the address of an image and of nothing else.</summary>
    bool TakesMediaUrl(ContentPart part, string url, TargetTraits target) => TakesMediaUrl(url, target);

    /// <summary>Reads a provider's whole reply.</summary>
    /// <returns>Null when it is not a reply of this wire.</returns>
    /// <exception cref="System.Text.Json.JsonException">It is not JSON.</exception>
    ChatReply? ReadReply(ReadOnlyMemory<byte> body);

    /// <summary>Writes a whole reply to a client.</summary>
    void WriteReply(IBufferWriter<byte> output, ChatReply reply, ReplyEnvelope envelope);

    /// <summary>A decoder for one stream of a provider.</summary>
    IChatStreamDecoder CreateStreamDecoder();

    /// <summary>An encoder for one stream to a client.</summary>
    IChatStreamEncoder CreateStreamEncoder(ReplyEnvelope envelope);
}
