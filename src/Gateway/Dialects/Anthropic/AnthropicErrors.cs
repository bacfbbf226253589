using System.Buffers;
using System.Text.Json;
using Gateway.Errors;

namespace Gateway.Dialects.Anthropic;

/// <summary>The error object of this wire: <c>{"type":"error","error":{"type","message"},"request_id"}</c>.</summary>
internal static class AnthropicErrors
{
    /// <summary>Writes the error as a JSON object.</summary>
    public static void Write(IBufferWriter<byte> output, GatewayError error, string requestId)
    {
        using var json = WireJson.Writer(output);
        json.WriteStartObject();
        json.WriteString("type"u8, "error"u8);
        json.WriteStartObject("error"u8);
        json.WriteString("type"u8, TypeOf(error));
        json.WriteText("message"u8, error.Message);
        // Not this wire's members, but what tells one of our errors from another.
        json.WriteText("code"u8, error.Code);
        if (error.Param is not null)
            json.WriteText("param"u8, error.Param);
        json.WriteEndObject();
        json.WriteText("request_id"u8, requestId);
        json.WriteEndObject();
    }

    /// <summary>Reads a provider's error body or event.</summary>
    public static ProviderErrorFacts Read(ReadOnlySpan<byte> body) => ErrorJson.Read(body, Read);

    /// <summary>Reads an error object; servers in front of the provider may write <c>error</c> as text, or only a message.</summary>
    public static ProviderErrorFacts Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            return ProviderErrorFacts.None;
        var error = root.Get("error"u8);
        if (error.ValueKind == JsonValueKind.Object)
            return new ProviderErrorFacts(error.Text("code"u8), error.Text("type"u8), error.Text("message"u8), error.Text("param"u8));
        var message = error.Text() ?? root.Text("message"u8) ?? root.Text("Message"u8);
        return message is null ? ProviderErrorFacts.None : new ProviderErrorFacts(null, null, message, null);
    }

    private static string TypeOf(GatewayError error) => error.Kind.Status switch
    {
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        503 => "overloaded_error",
        504 => "timeout_error",
        >= 500 => "api_error",
        _ => "invalid_request_error",
    };
}
