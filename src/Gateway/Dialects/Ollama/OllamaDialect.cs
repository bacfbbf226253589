using System.Buffers;
using Gateway.Errors;
using Gateway.Transport;

namespace Gateway.Dialects.Ollama;

/// <summary>Ollama's own chat: a stream unless the client says no, one JSON object a line, and nothing that could be sent to show that it is alive.</summary>
internal sealed class OllamaDialect : CodecDialect
{
    public override IChatCodec Codec { get; } = new OllamaCodec();

    public override StreamFraming Framing => StreamFraming.JsonLines;

    public override string StreamContentType => "application/x-ndjson";

    public override ReadOnlyMemory<byte> KeepAlive => default;

    public override GatewayError? ReadRequest(ReadOnlySpan<byte> body, RequestFacts facts) => BodyFactsReader.Read(body, facts, BodyShape.StreamsByDefault | BodyShape.NumPredict);

    public override byte[] OutputLimitBytes(OutputLimitKind kind, long tokens, TargetTraits target) => OutputLimitText.Of(kind, tokens, "num_predict", "options");

    public override ProviderErrorFacts ReadError(ReadOnlySpan<byte> body) => OllamaErrors.Read(body);

    public override void WriteError(IBufferWriter<byte> output, GatewayError error, string requestId) => OllamaErrors.WriteBody(output, error);

    public override void WriteStreamError(IBufferWriter<byte> output, GatewayError error, string requestId)
    {
        OllamaErrors.WriteBody(output, error);
        output.Write("\n"u8);
    }
}
