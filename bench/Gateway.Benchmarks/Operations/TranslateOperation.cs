using System.Buffers;
using System.Text;
using Gateway.Dialects;
using Gateway.Dialects.Anthropic;
using Gateway.Dialects.OpenAiChat;
using Gateway.Protocol;
using Gateway.Transport;

namespace Gateway.Benchmarks.Operations;

/// <summary>The translate lane between an OpenAI client and an Anthropic provider, without the network.</summary>
public sealed class TranslateOperation
{
    private readonly IChatCodec _client = new OpenAiChatDialect().Codec;
    private readonly IChatCodec _provider = new AnthropicDialect().Codec;
    private readonly byte[] _request = Samples.Request(1_024, stream: true);
    private readonly byte[] _reply = Encoding.UTF8.GetBytes(
        $$$$"""{"id":"msg_1","type":"message","role":"assistant","model":"model-1","content":[{"type":"text","text":"{{{{new string('y', 760)}}}}"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":20,"cache_read_input_tokens":4,"cache_creation_input_tokens":0,"output_tokens":200}}""");

    private readonly byte[] _stream = Stream(20);
    private readonly TargetTraits _target = new() { Model = "model-1", ProviderKind = "anthropic", MaxOutputTokens = 4_096, Vendor = ReasoningOrigin.Anthropic };
    private readonly ArrayBufferWriter<byte> _output = new(64 * 1024);
    private readonly ChatRequest _chat;

    /// <summary>Reads the request once, for the parts that only need it to be there.</summary>
    public TranslateOperation() => _chat = _client.ReadRequest(_request, new RequestFacts());

    /// <summary>What is translated.</summary>
    public enum Part
    {
        /// <summary>A request of 1 KB, from the client's wire to the provider's.</summary>
        Request,

        /// <summary>A whole reply of 1 KB, back.</summary>
        Reply,

        /// <summary>A stream of 20 content events, back.</summary>
        Stream,
    }

    /// <summary>Translates.</summary>
    /// <returns>Bytes written.</returns>
    public int Run(Part part)
    {
        _output.ResetWrittenCount();
        switch (part)
        {
            case Part.Request:
                _provider.WriteRequest(_output, _client.ReadRequest(_request, new RequestFacts()), _target, new DroppedMembers());
                break;
            case Part.Reply:
                _client.WriteReply(_output, _provider.ReadReply(_reply)!, Envelope());
                break;
            default:
                TranslateStream();
                break;
        }

        return _output.WrittenCount;
    }

    private void TranslateStream()
    {
        using var reader = new SseReader(16 * 1024);
        using var tap = new CodecStreamTap(_provider.CreateStreamDecoder(), new ReplyFacts(), _client.CreateStreamEncoder(Envelope()));
        _stream.CopyTo(reader.GetMemory(_stream.Length));
        reader.Advance(_stream.Length);
        while (reader.TryRead(out var frame))
        {
            if (tap.Observe(frame) is TapVerdict.Malformed or TapVerdict.Error)
                throw new InvalidOperationException("The sample is not a stream.");
            _output.Write(tap.Replacement);
        }
    }

    private ReplyEnvelope Envelope() => new() { RequestId = "req-1", Model = "model-1", Created = DateTimeOffset.UnixEpoch, IncludeUsage = true, Request = _chat };

    private static byte[] Stream(int contentEvents)
    {
        var text = new StringBuilder();
        Event("message_start", """ "message":{"id":"msg_1","type":"message","role":"assistant","model":"model-1","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":20,"output_tokens":1}} """);
        Event("content_block_start", """ "index":0,"content_block":{"type":"text","text":""} """);
        for (var i = 0; i < contentEvents; i++)
            Event("content_block_delta", $$$""" "index":0,"delta":{"type":"text_delta","text":" token{{{i}}}"} """);
        Event("content_block_stop", """ "index":0 """);
        Event("message_delta", """ "delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":20} """);
        return Encoding.UTF8.GetBytes(text.Append("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n").ToString());

        void Event(string type, string members) => text.Append("event: ").Append(type).Append("\ndata: {\"type\":\"").Append(type).Append("\",").Append(members.Trim()).Append("}\n\n");
    }
}
