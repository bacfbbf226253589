using System.Buffers;
using System.Text.Json;
using Gateway.Dialects.OpenAi;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.OpenAiChat;

/// <summary>Writes a whole reply to a client.</summary>
internal static class ChatReplyWriter
{
    /// <inheritdoc cref="IChatCodec.WriteReply"/>
    public static void Write(IBufferWriter<byte> output, ChatReply reply, ReplyEnvelope envelope)
    {
        using var json = WireJson.Writer(output);
        json.WriteStartObject();
        json.WriteText("id"u8, reply.Id is { Length: > 0 } id ? id : $"chatcmpl-{envelope.RequestId}");
        json.WriteString("object"u8, "chat.completion"u8);
        json.WriteNumber("created"u8, envelope.Created.ToUnixTimeSeconds());
        json.WriteText("model"u8, reply.Model is { Length: > 0 } model ? model : envelope.Model);
        json.WriteStartArray("choices"u8);
        for (var i = 0; i < reply.Choices.Count; i++)
            WriteChoice(json, reply.Choices[i], i, envelope);
        json.WriteEndArray();
        if (reply.Usage is { } usage)
        {
            json.WritePropertyName("usage"u8);
            OpenAiUsage.WriteChat(json, usage);
        }

        if (reply.ServiceTier is { } tier)
            json.WriteText("service_tier"u8, tier);
        OpenAiExtras.WriteReply(json, reply.Extras, Operation.ChatCompletions);
        json.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter json, ChatChoice choice, int index, ReplyEnvelope envelope)
    {
        var extras = envelope.Request.Extras;
        var legacy = OpenAiExtras.HasNote(extras, Operation.ChatCompletions, ChatRequestReader.LegacyNote);
        var hasCalls = choice.Parts.Exists(p => p is ToolCallPart);
        json.WriteStartObject();
        json.WriteNumber("index"u8, index);
        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant"u8);
        WriteContent(json, choice.Parts, hasCalls);
        if (!OpenAiExtras.HasNote(extras, Operation.ChatCompletions, ChatRequestReader.NoReasoningNote))
        {
            ChatReasoningWriter.WriteText(json, choice.Parts);
            ChatReasoningWriter.WriteDetails(json, choice.Parts, static _ => true, call => IdOf(call, choice.Parts, index, envelope));
        }

        WriteMedia(json, choice.Parts, envelope);
        if (hasCalls)
            WriteCalls(json, choice.Parts, index, legacy, envelope);
        json.WriteEndObject();
        json.WritePropertyName("logprobs"u8);
        if (choice.Logprobs.IsMissing)
            json.WriteNullValue();
        else
            choice.Logprobs.WriteTo(json);
        json.WriteString("finish_reason"u8, ChatFinish.Write(choice.Finish, hasCalls, legacy));
        json.WriteEndObject();
    }

    private static void WriteContent(Utf8JsonWriter json, List<ContentPart> parts, bool hasCalls)
    {
        var texts = parts.OfType<TextPart>().ToList();
        var refusal = string.Concat(parts.OfType<RefusalPart>().Select(p => p.Text));
        json.WritePropertyName("content"u8);
        if (texts.Count == 0 && (hasCalls || refusal.Length > 0 || parts.Exists(p => p is AudioPart)))
            json.WriteNullValue();
        else
            json.WriteTextValue(texts.Count == 1 ? texts[0].Text : string.Concat(texts.Select(t => t.Text)));
        if (refusal.Length > 0)
            json.WriteText("refusal"u8, refusal);
        else
            json.WriteNull("refusal"u8);
        WriteAnnotations(json, texts);
    }

    private static void WriteAnnotations(Utf8JsonWriter json, List<TextPart> texts)
    {
        var (isOpen, start) = (false, 0L);
        foreach (var text in texts)
        {
            foreach (var citation in OpenAiCitations.Split(text.Citations))
            {
                if (!OpenAiCitations.Fits(citation))
                    continue;
                if (!isOpen)
                    json.WriteStartArray("annotations"u8);
                isOpen = true;
                OpenAiCitations.Write(json, citation, nested: true, start, start + text.Text.Length);
            }

            start += text.Text.Length;
        }

        if (isOpen)
            json.WriteEndArray();
    }

    private static void WriteMedia(Utf8JsonWriter json, List<ContentPart> parts, ReplyEnvelope envelope)
    {
        if (parts.Find(p => p is AudioPart) is AudioPart audio)
        {
            json.WriteStartObject("audio"u8);
            json.WriteText("id"u8, audio.Id ?? $"audio_{envelope.RequestId}");
            json.WriteNumber("expires_at"u8, audio.ExpiresAt ?? envelope.Created.ToUnixTimeSeconds());
            json.WriteText("data"u8, audio.Source.Data ?? "");
            json.WriteText("transcript"u8, audio.Transcript ?? "");
            json.WriteEndObject();
        }

        var isOpen = false;
        foreach (var image in parts.OfType<ImagePart>())
        {
            if (!isOpen)
                json.WriteStartArray("images"u8);
            isOpen = true;
            WriteImage(json, image.Source.ToUrl("image/png"), null);
        }

        if (isOpen)
            json.WriteEndArray();
    }

    /// <summary>Writes a generated image as OpenAI-compatible services have them in <c>images</c>.</summary>
    public static void WriteImage(Utf8JsonWriter json, string url, int? index)
    {
        json.WriteStartObject();
        if (index is { } number)
            json.WriteNumber("index"u8, number);
        json.WriteString("type"u8, "image_url"u8);
        json.WriteStartObject("image_url"u8);
        json.WriteText("url"u8, url);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string IdOf(ToolCallPart call, List<ContentPart> parts, int choice, ReplyEnvelope envelope) =>
        call.Id.Length > 0 ? call.Id : MakeId(envelope, choice, parts.OfType<ToolCallPart>().ToList().IndexOf(call));

    /// <summary>An id for a call of a provider that gave none.</summary>
    public static string MakeId(ReplyEnvelope envelope, int choice, int call) =>
        choice == 0 ? $"call_{envelope.RequestId}_{call}" : $"call_{envelope.RequestId}_{choice}_{call}";

    private static void WriteCalls(Utf8JsonWriter json, List<ContentPart> parts, int choice, bool legacy, ReplyEnvelope envelope)
    {
        if (legacy)
        {
            // The legacy form holds one call.
            json.WriteStartObject("function_call"u8);
            WriteFunction(json, parts.OfType<ToolCallPart>().First());
            json.WriteEndObject();
            return;
        }

        json.WriteStartArray("tool_calls"u8);
        foreach (var call in parts.OfType<ToolCallPart>())
        {
            json.WriteStartObject();
            json.WriteText("id"u8, IdOf(call, parts, choice, envelope));
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            WriteFunction(json, call);
            json.WriteEndObject();
            if (ChatReasoningWriter.SignatureOf(parts, call) is { } signature)
                ChatReasoningWriter.WriteExtraContent(json, signature);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteFunction(Utf8JsonWriter json, ToolCallPart call)
    {
        json.WriteText("name"u8, call.Name);
        json.WriteText("arguments"u8, call.Arguments.Length == 0 ? "{}" : call.Arguments);
    }
}
