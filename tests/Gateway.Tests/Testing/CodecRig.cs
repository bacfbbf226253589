using System.Buffers;
using System.Text;
using Gateway.Dialects;
using Gateway.Metering;
using Gateway.Protocol;
using Gateway.Transport;

namespace Gateway.Tests.Testing;

/// <summary>Runs codecs over whole streams: bytes to events, events to bytes.</summary>
internal static class CodecRig
{
    /// <summary>A target for tests.</summary>
    public static TargetTraits Target(string model = "test-model", string kind = "custom", ReasoningOrigin vendor = ReasoningOrigin.Unknown) =>
        new() { Model = model, ProviderKind = kind, Vendor = vendor };

    /// <summary>An envelope with fixed values.</summary>
    public static ReplyEnvelope Envelope(ChatRequest? request = null, bool includeUsage = false) => new()
    {
        RequestId = "req-1",
        Model = "test-model",
        Created = DateTimeOffset.UnixEpoch.AddSeconds(1_700_000_000),
        IncludeUsage = includeUsage,
        Request = request ?? new ChatRequest(),
    };

    /// <summary>Everything a stream says, however it is cut: a new read begins at each of <paramref name="cuts"/>. Verdicts are gathered beside.</summary>
    public static (List<ChatEvent> Events, List<TapVerdict> Verdicts, IChatStreamDecoder Decoder) Decode(IChatCodec codec, StreamFraming framing, ReadOnlySpan<byte> stream, params int[] cuts)
    {
        var decoder = codec.CreateStreamDecoder();
        var events = new List<ChatEvent>();
        var verdicts = new List<TapVerdict>();
        using var reader = FrameReaders.Create(framing, 64);
        var from = 0;
        foreach (var cut in cuts.Append(stream.Length).Order())
        {
            stream[from..cut].CopyTo(reader.GetMemory(Math.Max(1, cut - from)).Span);
            reader.Advance(cut - from);
            from = cut;
            while (reader.TryRead(out var frame))
                verdicts.Add(decoder.Decode(frame, events));
        }

        if (reader.TryReadRest(out var rest))
            verdicts.Add(decoder.Decode(rest, events));
        return (events, verdicts, decoder);
    }

    /// <summary>The stream a client of a wire would get for these events.</summary>
    public static byte[] Encode(IChatCodec codec, IEnumerable<ChatEvent> events, ReplyEnvelope? envelope = null)
    {
        var output = new ArrayBufferWriter<byte>();
        var encoder = codec.CreateStreamEncoder(envelope ?? Envelope());
        foreach (var chatEvent in events)
            encoder.Encode(chatEvent, output);
        encoder.End(output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The body a provider would get.</summary>
    public static (string Body, DroppedMembers Dropped) WriteRequest(IChatCodec codec, ChatRequest request, TargetTraits? target = null)
    {
        var output = new ArrayBufferWriter<byte>();
        var dropped = new DroppedMembers();
        codec.WriteRequest(output, request, target ?? Target(), dropped);
        return (Encoding.UTF8.GetString(output.WrittenSpan), dropped);
    }

    /// <summary>Reads a client's request.</summary>
    public static ChatRequest ReadRequest(IChatCodec codec, string body, RequestFacts? facts = null) =>
        codec.ReadRequest(Encoding.UTF8.GetBytes(body), facts ?? new RequestFacts());

    /// <summary>A whole reply as a client of a wire would get it.</summary>
    public static string WriteReply(IChatCodec codec, ChatReply reply, ReplyEnvelope? envelope = null)
    {
        var output = new ArrayBufferWriter<byte>();
        codec.WriteReply(output, reply, envelope ?? Envelope());
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>Usage with nothing special about it.</summary>
    public static TokenUsage Usage(long input, long output) => new(input, output);
}
