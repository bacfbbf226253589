using System.Buffers;
using System.Text.Json;
using Gateway.Errors;

namespace Gateway.Dialects.BedrockInvoke;

/// <summary>Errors as Bedrock has them: a type in a header or in the frame, and <c>{"message"}</c>.</summary>
internal static class InvokeErrors
{
    /// <summary>The header with the type, from which the SDKs make their exception.</summary>
    public const string TypeHeader = "x-amzn-errortype";

    /// <summary>The type of an error.</summary>
    public static string TypeOf(GatewayError error) => error.Kind.Status switch
    {
        401 => "UnrecognizedClientException",
        403 => "AccessDeniedException",
        404 => "ResourceNotFoundException",
        429 => "ThrottlingException",
        408 or 504 => "ModelTimeoutException",
        503 => "ServiceUnavailableException",
        >= 500 => "InternalServerException",
        _ => "ValidationException",
    };

    /// <summary>The type of an error in a stream.</summary>
    public static ReadOnlySpan<byte> StreamTypeOf(GatewayError error) => error.Kind.Status switch
    {
        429 => "throttlingException"u8,
        408 or 504 => "modelTimeoutException"u8,
        503 => "serviceUnavailableException"u8,
        502 => "modelStreamErrorException"u8,
        >= 500 => "internalServerException"u8,
        _ => "validationException"u8,
    };

    /// <summary>Writes the body.</summary>
    public static void Write(IBufferWriter<byte> output, GatewayError error)
    {
        using var json = WireJson.Writer(output);
        json.WriteStartObject();
        json.WriteText("message"u8, error.Message);
        json.WriteEndObject();
    }

    /// <summary>Reads a body: <c>message</c> or <c>Message</c>, and the type where the body says it.</summary>
    public static ProviderErrorFacts Read(ReadOnlySpan<byte> body)
    {
        try
        {
            using var document = WireJson.Parse(body.ToArray());
            var root = document.RootElement;
            var type = root.Text("__type"u8);
            var hash = type?.IndexOf('#', StringComparison.Ordinal) ?? -1;
            return new ProviderErrorFacts(null, hash < 0 ? type : type![(hash + 1)..], root.Text("message"u8) ?? root.Text("Message"u8), null);
        }
        catch (JsonException)
        {
            return ProviderErrorFacts.None;
        }
    }
}
