using System.Buffers;
using System.Text.Json;
using Gateway.Errors;
using Gateway.Transport;

namespace Gateway.Dialects.BedrockConverse;

/// <summary>Errors of Bedrock's runtime: <c>{"message":…}</c>, with the type in a header, or as the type of a stream's exception.</summary>
internal static class BedrockErrors
{
    /// <summary>The header that says the type of an error; what follows a colon in it is no part of the type.</summary>
    public const string TypeHeader = "x-amzn-errortype";

    /// <summary>The name of an error, by which the SDKs choose their exception class.</summary>
    public static string TypeOf(GatewayError error) => error.Kind.Status switch
    {
        _ when error.Kind == ErrorKinds.UpstreamQuota => "ServiceQuotaExceededException",
        401 => "UnrecognizedClientException",
        402 => "ServiceQuotaExceededException",
        403 => "AccessDeniedException",
        404 => "ResourceNotFoundException",
        408 or 504 => "ModelTimeoutException",
        409 => "ConflictException",
        424 => "ModelErrorException",
        429 => "ThrottlingException",
        503 => "ServiceUnavailableException",
        >= 400 and < 500 => "ValidationException",
        502 when error.Kind.Blame == ErrorBlame.Provider => "ModelErrorException",
        _ => "InternalServerException",
    };

    /// <summary>Writes the body of an error.</summary>
    public static void WriteBody(IBufferWriter<byte> output, GatewayError error)
    {
        using var writer = WireJson.Writer(output);
        writer.WriteStartObject();
        writer.WriteText("message"u8, error.Message);
        writer.WriteEndObject();
    }

    /// <summary>Writes an error as the last message of a stream.</summary>
    public static void WriteException(IBufferWriter<byte> output, GatewayError error)
    {
        var payload = new ArrayBufferWriter<byte>(256);
        WriteBody(payload, error);
        AmazonEventStreamWriter.WriteException(output, StreamTypeOf(error), payload.WrittenSpan);
    }

    /// <summary>Reads an error; never throws.</summary>
    /// <param name="body">JSON, or nothing of use.</param>
    /// <param name="type">The type from the header or the stream, or null.</param>
    public static ProviderErrorFacts Read(ReadOnlySpan<byte> body, string? type)
    {
        string? message = null;
        string? bodyType = null;
        try
        {
            var reader = new Utf8JsonReader(body);
            if (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var isMessage = reader.TextIs("message"u8) || reader.TextIs("Message"u8);
                    var isType = reader.TextIs("__type"u8) || reader.TextIs("code"u8);
                    reader.Read();
                    if (isMessage)
                        message = TextOf(ref reader) ?? message;
                    else if (isType)
                        bodyType = TextOf(ref reader) ?? bodyType;
                    reader.Skip();
                }
            }
        }
        catch (JsonException)
        {
            // A page of some proxy's, or half a body: the type and the status say enough.
        }

        var name = NameOf(type) ?? NameOf(bodyType);
        return name is null && message is null ? ProviderErrorFacts.None : new ProviderErrorFacts(name, name, message, null);
    }

    /// <summary>The name in a type, which may have a namespace before it and an address after it.</summary>
    private static string? NameOf(string? type)
    {
        if (string.IsNullOrWhiteSpace(type))
            return null;
        var name = type.AsSpan();
        var hash = name.IndexOf('#');
        if (hash >= 0)
            name = name[(hash + 1)..];
        var colon = name.IndexOf(':');
        return (colon < 0 ? name : name[..colon]).Trim().ToString();
    }

    private static ReadOnlySpan<byte> StreamTypeOf(GatewayError error) => error.Kind.Status switch
    {
        429 => "throttlingException"u8,
        503 => "serviceUnavailableException"u8,
        >= 400 and < 500 => "validationException"u8,
        _ when error.Kind.Blame == ErrorBlame.Provider => "modelStreamErrorException"u8,
        _ => "internalServerException"u8,
    };

    private static string? TextOf(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
            return null;
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // a lone surrogate
        }
    }
}
