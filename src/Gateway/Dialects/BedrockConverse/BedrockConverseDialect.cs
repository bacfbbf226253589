using System.Buffers;
using System.Text.Json;
using Gateway.Errors;
using Gateway.Transport;

namespace Gateway.Dialects.BedrockConverse;

/// <summary>Bedrock Converse and ConverseStream, as far as relaying needs them. Model and stream stand in the path.</summary>
internal sealed class BedrockConverseDialect : CodecDialect
{
    public override IChatCodec Codec { get; } = new BedrockConverseCodec();

    public override StreamFraming Framing => StreamFraming.AmazonEventStream;

    public override string StreamContentType => "application/vnd.amazon.eventstream";

    /// <summary>Nothing: clients take every message for an event.</summary>
    public override ReadOnlyMemory<byte> KeepAlive => default;

    public override string? ErrorTypeHeader => BedrockErrors.TypeHeader;

    public override GatewayError? ReadRequest(ReadOnlySpan<byte> body, RequestFacts facts)
    {
        if (facts.Model.Length == 0)
            return new GatewayError(ErrorKinds.MissingParameter, "Missing required parameter: 'modelId'.") { Param = "modelId" };
        var cursor = new JsonCursor(body);
        try
        {
            if (!cursor.Read() || cursor.TokenType != JsonTokenType.StartObject)
                return new GatewayError(ErrorKinds.InvalidJson, "The request body must be a JSON object.");
            facts.OutputLimit = OutputLimitReader.InBody(cursor.Position); // until one is found
            if (ReadMembers(ref cursor, facts) is { } error)
                return error;
            return cursor.Read() ? new GatewayError(ErrorKinds.InvalidJson, "The request body must be a single JSON object.") : null;
        }
        catch (JsonException)
        {
            return new GatewayError(ErrorKinds.InvalidJson, "The request body is not valid JSON.");
        }
    }

    public override byte[] OutputLimitBytes(OutputLimitKind kind, long tokens, TargetTraits target) => OutputLimitText.Of(kind, tokens, "maxTokens", "inferenceConfig");

    public override ProviderErrorFacts ReadError(ReadOnlySpan<byte> body) => BedrockErrors.Read(body, null);

    public override ProviderErrorFacts ReadError(ReadOnlySpan<byte> body, string? errorType) => BedrockErrors.Read(body, errorType);

    public override void WriteError(IBufferWriter<byte> output, GatewayError error, string requestId) => BedrockErrors.WriteBody(output, error);

    public override void WriteStreamError(IBufferWriter<byte> output, GatewayError error, string requestId) => BedrockErrors.WriteException(output, error);

    public override KeyValuePair<string, string>? ErrorHeader(GatewayError error) => KeyValuePair.Create(BedrockErrors.TypeHeader, BedrockErrors.TypeOf(error));

    private static GatewayError? ReadMembers(ref JsonCursor cursor, RequestFacts facts)
    {
        var (sawMessages, sawInference) = (false, false);
        while (cursor.Read() && cursor.TokenType == JsonTokenType.PropertyName)
        {
            var isMessages = cursor.TextIs("messages"u8);
            // Parsers disagree on which of two members counts: what is checked here must be what the provider obeys.
            if (isMessages && sawMessages)
                return Invalid("Duplicate parameter: 'messages'.");
            sawMessages |= isMessages;
            var isInference = cursor.TextIs("inferenceConfig"u8);
            cursor.Read();
            if (isInference)
            {
                if (sawInference)
                    return OutputLimitReader.Duplicate("inferenceConfig");
                sawInference = true;
                if (OutputLimitReader.ReadObject(ref cursor, facts, "maxTokens"u8, "inferenceConfig.maxTokens") is { } error)
                    return error;
                continue;
            }

            if (isMessages && cursor.TokenType is not (JsonTokenType.StartArray or JsonTokenType.Null))
                return Invalid("'messages' must be an array.");
            cursor.Skip();
        }

        return null;
    }

    private static GatewayError Invalid(string message) => new(ErrorKinds.InvalidParameter, message) { Param = "messages" };
}
