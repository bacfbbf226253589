using System.Text.Json;
using Gateway.Dialects.OpenAi;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.OpenAiChat;

/// <summary>Writes an assistant's message of the history to a provider.</summary>
internal sealed class ChatAssistantWriter(ChatWriting context, ToolIds ids)
{
    private readonly Dictionary<ToolCallPart, string> _callIds = [];

    /// <summary>Writes the message.</summary>
    /// <param name="json">Where an array's element is due.</param>
    /// <param name="turn">The turn.</param>
    /// <param name="path">Its path, for reports.</param>
    /// <param name="isLast">Whether it stands last, for the model to go on with.</param>
    public void Write(Utf8JsonWriter json, ChatMessage turn, string path, bool isLast)
    {
        var parts = turn.Parts;
        foreach (var call in parts.OfType<ToolCallPart>())
            _callIds[call] = ids.Call(call);
        json.WriteStartObject();
        json.WriteString("role"u8, "assistant"u8);
        WriteContent(json, parts, path);
        if (string.Concat(parts.OfType<RefusalPart>().Select(p => p.Text)) is { Length: > 0 } refusal)
            json.WriteText("refusal"u8, refusal);
        WriteReasoning(json, parts, path);
        WriteAudio(json, parts, path);
        WriteCalls(json, parts, path);
        if (isLast && _callIds.Count == 0 && context.Quirks.Prefill is { } prefill && !turn.Extras.Exists(e => e.Name == prefill))
            json.WriteBoolean(prefill, true);
        ChatMessageWriter.End(json, turn, path, context);
    }

    private void WriteContent(Utf8JsonWriter json, List<ContentPart> parts, string path)
    {
        var reasoning = context.Quirks.Echo == ChatReasoningEcho.Parts ? parts.FindAll(p => p is ReasoningPart r && IsTaken(r)) : [];
        var shown = parts.FindAll(p => p is TextPart or OpaquePart { Whole: { Origin: Operation.ChatCompletions, Name: "content" } });
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i] is ImagePart or VideoPart or DocumentPart or ToolResultPart or OpaquePart { Whole.Origin: not Operation.ChatCompletions })
                context.Dropped.Add(parts[i] is OpaquePart opaque ? opaque.Whole.Path : $"{path}.content[{i}] ({ChatPartWriter.Kind(parts[i])})");
        }

        json.WritePropertyName("content"u8);
        if (shown.Count == 0 && reasoning.Count == 0 && (_callIds.Count > 0 || parts.Exists(p => p is RefusalPart or AudioPart or OpaquePart)))
        {
            json.WriteNullValue();
            return;
        }

        if (reasoning.Count > 0)
        {
            json.WriteStartArray();
            foreach (var part in reasoning.Cast<ReasoningPart>())
                WriteReasoningPart(json, part);
            for (var i = 0; i < shown.Count; i++)
                ChatPartWriter.WritePart(json, shown[i], $"{path}.content[{i}]", mediaToo: false, context);
            json.WriteEndArray();
            return;
        }

        // Texts of one answer belong together, and few servers take an array here.
        if (shown.TrueForAll(p => p is TextPart { Cache: null, Extras: null }))
            json.WriteTextValue(string.Concat(shown.Cast<TextPart>().Select(p => p.Text)));
        else
            ChatPartWriter.Write(json, shown, $"{path}.content", mediaToo: false, context);
    }

    private void WriteReasoning(Utf8JsonWriter json, List<ContentPart> parts, string path)
    {
        foreach (var part in parts)
        {
            if (part is ReasoningPart reasoning && !IsTaken(reasoning))
                context.Dropped.Add($"{path}.reasoning");
        }

        switch (context.Quirks.Echo)
        {
            case ChatReasoningEcho.Text:
                ChatReasoningWriter.WriteText(json, parts.FindAll(p => p is ReasoningPart r && IsTaken(r)));
                break;
            case ChatReasoningEcho.TextAlways:
                ChatReasoningWriter.WriteText(json, parts.FindAll(p => p is ReasoningPart r && IsTaken(r)), evenEmpty: true);
                break;
            case ChatReasoningEcho.Details:
                var plain = parts.FindAll(p => p is ReasoningPart { Origin: ReasoningOrigin.Plain } r && IsTaken(r));
                ChatReasoningWriter.WriteText(json, plain);
                ChatReasoningWriter.WriteDetails(json, parts, IsTaken, call => _callIds[call]);
                break;
        }
    }

    /// <summary>Whether the provider is told: signed reasoning goes to its own vendor only, plain text to those who ask for it.</summary>
    private bool IsTaken(ReasoningPart part) => context.Quirks.Echo switch
    {
        ChatReasoningEcho.Text or ChatReasoningEcho.TextAlways => part.Origin == ReasoningOrigin.Plain,
        ChatReasoningEcho.Details => part.Origin == ReasoningOrigin.Plain ? context.Target.ProviderKind == "openrouter" : IsOwn(part),
        ChatReasoningEcho.Parts => part.Origin == ReasoningOrigin.Anthropic && part.Signature is not null && IsOwn(part),
        ChatReasoningEcho.GoogleSignatures => part is { Origin: ReasoningOrigin.Gemini, Signature: not null, Text: "" },
        _ => false,
    };

    private bool IsOwn(ReasoningPart part) => part.Origin != ReasoningOrigin.Unknown && part.Origin == Vendor;

    /// <summary>Whose models they are. A reseller of many names the vendor in the model's name.</summary>
    private ReasoningOrigin Vendor => context.Target is { ProviderKind: "openrouter" } target && target.Model.StartsWith("openai/", StringComparison.Ordinal)
        ? ReasoningOrigin.OpenAi
        : context.Target.Vendor;

    private static void WriteReasoningPart(Utf8JsonWriter json, ReasoningPart part)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "reasoning"u8);
        json.WriteStartArray("summary"u8);
        json.WriteStartObject();
        json.WriteString("type"u8, "summary_text"u8);
        json.WriteText("text"u8, part.Text);
        json.WriteText("signature"u8, part.Signature!);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Audio the provider made is named by its id; of other audio only the transcript could be told.</summary>
    private void WriteAudio(Utf8JsonWriter json, List<ContentPart> parts, string path)
    {
        var isWritten = false;
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i] is not AudioPart audio)
                continue;
            if (isWritten || audio.Id is not { } id)
            {
                context.Dropped.Add($"{path}.content[{i}] (audio)");
                continue;
            }

            isWritten = true;
            json.WriteStartObject("audio"u8);
            json.WriteText("id"u8, id);
            json.WriteEndObject();
        }
    }

    private void WriteCalls(Utf8JsonWriter json, List<ContentPart> parts, string path)
    {
        var isOpen = false;
        foreach (var part in parts)
        {
            if (part is not (ToolCallPart or OpaquePart { Whole: { Origin: Operation.ChatCompletions, Name: "tool_calls" } }))
                continue;
            if (!isOpen)
                json.WriteStartArray("tool_calls"u8);
            isOpen = true;
            if (part is OpaquePart opaque)
                opaque.Whole.Value.WriteTo(json);
            else
                WriteCall(json, (ToolCallPart)part, parts, path);
        }

        if (isOpen)
            json.WriteEndArray();
    }

    private void WriteCall(Utf8JsonWriter json, ToolCallPart call, List<ContentPart> parts, string path)
    {
        json.WriteStartObject();
        json.WriteText("id"u8, _callIds[call]);
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteText("name"u8, call.Name);
        json.WriteText("arguments"u8, call.Arguments.Length == 0 ? "{}" : call.Arguments);
        json.WriteEndObject();
        var takesSignature = context.Quirks.Echo is ChatReasoningEcho.GoogleSignatures
            || (context.Quirks.Echo is ChatReasoningEcho.Details && Vendor == ReasoningOrigin.Gemini);
        if (takesSignature && ChatReasoningWriter.SignatureOf(parts, call) is { } signature)
            ChatReasoningWriter.WriteExtraContent(json, signature);
        if (call.Cache is not null)
            context.Dropped.Add($"{path}.tool_calls.cache_control");
        context.Dropped.AddForeign(call.Extras ?? [], Operation.ChatCompletions);
        json.WriteEndObject();
    }
}
