using System.Text.Json;
using Gateway.Dialects.OpenAi;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.OpenAiChat;

/// <summary>Reads the assistant's message, of a history or of a reply: reasoning, text, refusal, audio, images and tool calls in one list.</summary>
internal static class ChatAssistantReader
{
    /// <summary>Members that are read here, and those that say nothing.</summary>
    public static bool IsKnown(string member) => member is "role" or "content" or "refusal" or "name" or "audio" or "images" or "tool_calls"
        or "function_call" or "annotations" or "reasoning_content" or "reasoning" or "reasoning_details" or "thinking_blocks";

    /// <summary>The parts of the message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="legacyId">Id for a call in the legacy form, which has none.</param>
    /// <param name="lenient">Whether it is a provider's: what can't be read is passed over.</param>
    /// <exception cref="RequestFormatException">A member has the wrong type.</exception>
    public static List<ContentPart> Read(JsonElement message, string path, string legacyId, bool lenient = false)
    {
        var body = new List<ContentPart>();
        ChatPartReader.Read(message.Get("content"u8), $"{path}.content", body, lenient);
        Annotate(message.Get("annotations"u8), body);
        if (message.Text("refusal"u8) is { Length: > 0 } refusal)
            body.Add(new RefusalPart(refusal));
        ReadAudio(message.Get("audio"u8), body);
        ReadImages(message.Get("images"u8), $"{path}.images", body);
        var signatures = ReadCalls(message, path, legacyId, lenient, body);
        return Place(body, ChatReasoningReader.Read(message), signatures);
    }

    /// <summary>Puts reasoning where it stood among the parts.</summary>
    private static List<ContentPart> Place(List<ContentPart> body, List<ChatReasoningPiece> pieces, Dictionary<ToolCallPart, string>? signatures)
    {
        if (pieces.Count == 0 && signatures is null)
            return body;
        foreach (var piece in pieces.Where(p => p.IsGoogleSignature && p.Id is not null))
        {
            if (body.Find(p => p is ToolCallPart call && call.Id == piece.Id) is ToolCallPart signed)
                (signatures ??= []).TryAdd(signed, piece.Encrypted!);
        }

        pieces.RemoveAll(p => p.IsGoogleSignature && body.Exists(b => b is ToolCallPart call && call.Id == p.Id));
        var parts = new List<ContentPart>(body.Count + pieces.Count);
        for (var i = 0; i <= body.Count; i++)
        {
            foreach (var piece in pieces)
            {
                if (piece.Position == i || (i == body.Count && piece.Position > i))
                    parts.Add(piece.ToPart());
            }

            if (i == body.Count)
                break;
            if (body[i] is ToolCallPart call && signatures?.GetValueOrDefault(call) is { } signature)
                parts.Add(new ReasoningPart { Signature = signature, Origin = ReasoningOrigin.Gemini });
            parts.Add(body[i]);
        }

        return parts;
    }

    private static void Annotate(JsonElement annotations, List<ContentPart> body)
    {
        if (annotations.ValueKind != JsonValueKind.Array || annotations.GetArrayLength() == 0 || body.Count == 0 || body[^1] is not TextPart text)
            return;
        body[^1] = new TextPart(text.Text)
        {
            Cache = text.Cache,
            Extras = text.Extras,
            Citations = RawJson.Of(annotations),
            CitationsOrigin = Operation.ChatCompletions,
        };
    }

    private static void ReadAudio(JsonElement audio, List<ContentPart> body)
    {
        if (audio.ValueKind == JsonValueKind.Object)
        {
            body.Add(new AudioPart(new MediaSource { Data = audio.Text("data"u8) })
            {
                Id = audio.Text("id"u8),
                Transcript = audio.Text("transcript"u8),
                ExpiresAt = audio.Integer("expires_at"u8),
            });
        }
    }

    private static void ReadImages(JsonElement images, string path, List<ContentPart> body)
    {
        if (images.ValueKind == JsonValueKind.Array)
            ChatPartReader.Read(images, path, body, lenient: true);
    }

    /// <summary>Adds the tool calls.</summary>
    /// <returns>Google's signatures of them, or null.</returns>
    private static Dictionary<ToolCallPart, string>? ReadCalls(JsonElement message, string path, string legacyId, bool lenient, List<ContentPart> body)
    {
        Dictionary<ToolCallPart, string>? signatures = null;
        var calls = message.Get("tool_calls"u8);
        if (lenient ? calls.ValueKind == JsonValueKind.Array : RequestValue.IsArray(calls, $"{path}.tool_calls"))
        {
            var index = 0;
            foreach (var call in calls.EnumerateArray())
            {
                var part = ReadCall(call, $"{path}.tool_calls[{index++}]", lenient);
                if (part is null)
                    continue;
                body.Add(part);
                if (part is ToolCallPart toolCall && call.Get("extra_content"u8).Get("google"u8).Text("thought_signature"u8) is { } signature)
                    (signatures ??= [])[toolCall] = signature;
            }
        }

        var legacy = message.Get("function_call"u8);
        if (legacy.Text("name"u8) is { } name)
            body.Add(new ToolCallPart { Id = legacyId, Name = name, Arguments = Arguments(legacy.Get("arguments"u8)) });
        return signatures;
    }

    private static ContentPart? ReadCall(JsonElement call, string path, bool lenient)
    {
        var function = call.Get("function"u8);
        if (function.Text("name"u8) is { } name)
        {
            return new ToolCallPart { Id = call.Text("id"u8) ?? "", Name = name, Arguments = Arguments(function.Get("arguments"u8)) };
        }

        if (call.Text("type"u8) is { } type and not "function")
            return new OpaquePart(new ExtraMember(Operation.ChatCompletions, $"{path} ({type})", "tool_calls", RawJson.Of(call)));
        return lenient ? null : throw RequestValue.Missing($"{path}.function.name");
    }

    /// <summary>Arguments as text; some servers send the object itself.</summary>
    public static string Arguments(JsonElement arguments) =>
        arguments.Text() ?? (arguments.Says() ? arguments.GetRawText() : "");
}
