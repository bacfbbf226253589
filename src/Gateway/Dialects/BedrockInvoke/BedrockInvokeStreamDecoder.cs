using System.Text;
using System.Text.Json;
using Gateway.Dialects.Anthropic;
using Gateway.Dialects.BedrockConverse;
using Gateway.Protocol;
using Gateway.Transport;

namespace Gateway.Dialects.BedrockInvoke;

/// <summary>Reads a stream of <c>chunk</c> events, each a Messages event in base64.</summary>
internal sealed class BedrockInvokeStreamDecoder : IChatStreamDecoder
{
    private readonly EventDocuments _documents = new();
    private readonly AnthropicStreamDecoder _inner = new();
    private ProviderErrorFacts? _error;

    public bool Finished => _inner.Finished;

    public ProviderErrorFacts? Error => _error ?? _inner.Error;

    public TapVerdict Decode(in StreamFrame frame, List<ChatEvent> events)
    {
        if (frame.IsException)
        {
            _error = BedrockErrors.Read(frame.Data, Encoding.UTF8.GetString(frame.Type));
            return TapVerdict.Error;
        }

        if (!frame.HasData || !frame.Type.SequenceEqual("chunk"u8))
            return TapVerdict.Preamble;
        using var chunk = _documents.Parse(frame.Data);
        var bytes = chunk.RootElement.Get("bytes"u8);
        if (bytes.ValueKind != JsonValueKind.String || !bytes.TryGetBytesFromBase64(out var payload))
            return TapVerdict.Malformed;
        return _inner.Decode(payload, events);
    }
}
