using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Ollama;

/// <summary>
/// Reads the members of a message that a request and a reply have in common: thinking, text, images, tool calls. Signatures of other vendors come
/// back in <c>thinking_signature</c> and in the calls' <c>signature</c>, where <see cref="OllamaMessageJson"/> put them.
/// </summary>
internal static class OllamaAnswer
{
    /// <summary>Adds the parts.</summary>
    /// <param name="message">The message.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="parts">Added to.</param>
    /// <param name="idOf">The id of a call that has none.</param>
    public static void Read(JsonElement message, string path, List<ContentPart> parts, Func<int, string> idOf)
    {
        var thinking = message.TextOf("thinking"u8, path) ?? "";
        var signature = message.TextOf("thinking_signature"u8, path);
        if (thinking.Length > 0 || signature is not null)
        {
            var (text, origin) = signature is null ? (null, ReasoningOrigin.Plain) : ForeignSignature.Unwrap(signature, ReasoningOrigin.Plain);
            parts.Add(new ReasoningPart { Text = thinking, Signature = text, Origin = origin });
        }

        if (message.TextOf("content"u8, path) is { Length: > 0 } content)
            parts.Add(new TextPart(content));
        foreach (var image in message.ArrayOf("images"u8, path).Each())
        {
            var data = image.Text() ?? throw new RequestFormatException($"'{path}.images' must be an array of strings.", $"{path}.images");
            parts.Add(new ImagePart(OllamaImages.Read(data)));
        }

        var index = 0;
        foreach (var call in message.ArrayOf("tool_calls"u8, path).Each())
            ReadCall(call, $"{path}.tool_calls[{index}]", idOf(index++), parts);
    }

    private static void ReadCall(JsonElement call, string path, string missingId, List<ContentPart> parts)
    {
        var function = call.ObjectOf("function"u8, path);
        if (call.Text("signature"u8) is { } signature)
        {
            var (text, origin) = ForeignSignature.Unwrap(signature, ReasoningOrigin.Plain);
            parts.Add(new ReasoningPart { Signature = text, Origin = origin });
        }

        var arguments = function.Get("arguments"u8);
        parts.Add(new ToolCallPart
        {
            Id = call.Text("id"u8) is { Length: > 0 } id ? id : missingId,
            Name = function.TextOf("name"u8, path + ".function") ?? throw new RequestFormatException($"Missing required parameter: '{path}.function.name'.", $"{path}.function.name"),
            Arguments = arguments.Text() ?? (arguments.Says() ? RawJson.Of(arguments).ToString() : "{}"),
        });
    }
}
