using System.Buffers;
using System.Text.Json;
using Gateway.Dialects.OpenAi;
using Gateway.Metering;
using Gateway.Protocol;

namespace Gateway.Dialects.OpenAiChat;

/// <summary>Writes a stream of <c>chat.completion.chunk</c>s, all with the same id, time and model.</summary>
internal sealed class ChatStreamEncoder : IChatStreamEncoder
{
    private readonly ReplyEnvelope _envelope;
    private readonly SortedDictionary<int, ChatChoiceState> _choices = [];
    private readonly bool _isLegacy;
    private readonly bool _hidesReasoning;
    private byte[]? _head;
    private string? _id;
    private string? _model;
    private TokenUsage? _usage;

    public ChatStreamEncoder(ReplyEnvelope envelope)
    {
        _envelope = envelope;
        _isLegacy = OpenAiExtras.HasNote(envelope.Request.Extras, Operation.ChatCompletions, ChatRequestReader.LegacyNote);
        _hidesReasoning = OpenAiExtras.HasNote(envelope.Request.Extras, Operation.ChatCompletions, ChatRequestReader.NoReasoningNote);
    }

    public void Encode(in ChatEvent chatEvent, IBufferWriter<byte> output)
    {
        switch (chatEvent.Kind)
        {
            case ChatEventKind.Start:
                _id ??= chatEvent.Id;
                _model ??= chatEvent.Name;
                Choice(0, output);
                return;
            case ChatEventKind.Usage:
                _usage = chatEvent.Usage;
                return;
            case ChatEventKind.Ping:
                output.Write(IDialect.CommentKeepAlive.Span);
                return;
        }

        var choice = Choice(chatEvent.Choice, output);
        switch (chatEvent.Kind)
        {
            case ChatEventKind.Text:
                Text(chatEvent, choice, "content"u8, output);
                choice.TextLength += chatEvent.Text!.Length;
                break;
            case ChatEventKind.Refusal:
                Text(chatEvent, choice, "refusal"u8, output);
                break;
            case ChatEventKind.Reasoning or ChatEventKind.ReasoningSignature or ChatEventKind.RedactedReasoning when !_hidesReasoning:
                Reasoning(chatEvent, choice, output);
                break;
            case ChatEventKind.ToolCallStart:
                StartCall(chatEvent, choice, output);
                break;
            case ChatEventKind.ToolCallArguments:
                Arguments(chatEvent, choice, chatEvent.Text!, output);
                break;
            case ChatEventKind.ToolCallEnd when chatEvent.Index < choice.Calls.Count && !choice.Calls[chatEvent.Index]:
                Arguments(chatEvent, choice, "{}", output);
                break;
            case ChatEventKind.PartEnd:
                choice.OpenReasoning = null;
                choice.TextStart = choice.TextLength;
                break;
            case ChatEventKind.Citation when OpenAiCitations.Fits(chatEvent.Raw):
                Citation(chatEvent, choice, output);
                break;
            case ChatEventKind.Logprobs:
                Logprobs(chatEvent, choice, output);
                break;
            case ChatEventKind.Media:
                Media(chatEvent, output);
                break;
            case ChatEventKind.Finish:
                choice.Finish = chatEvent.Finish;
                break;
        }
    }

    public void End(IBufferWriter<byte> output)
    {
        Choice(0, output);
        foreach (var (index, choice) in _choices)
        {
            FlushSignature(index, choice, output);
            for (var call = 0; call < choice.Calls.Count; call++)
            {
                if (!choice.Calls[call])
                    Arguments(new ChatEvent(ChatEventKind.ToolCallArguments) { Choice = index, Index = call }, choice, "{}", output);
            }

            using var json = Begin(index, output);
            End(json, choice, ChatFinish.Write(choice.Finish ?? FinishReason.Stop, choice.Calls.Count > 0, _isLegacy), output);
        }

        if (_envelope.IncludeUsage && _usage is { } usage)
        {
            output.Write(_head);
            output.Write("],\"usage\":"u8);
            using (var json = WireJson.Writer(output))
                OpenAiUsage.WriteChat(json, usage);
            output.Write("}\n\n"u8);
        }

        output.Write("data: [DONE]\n\n"u8);
    }

    /// <summary>The choice, with its role written.</summary>
    private ChatChoiceState Choice(int index, IBufferWriter<byte> output)
    {
        if (!_choices.TryGetValue(index, out var choice))
            _choices[index] = choice = new ChatChoiceState();
        if (choice.HasRole)
            return choice;
        choice.HasRole = true;
        using var json = Begin(index, output);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("content"u8, ""u8);
        json.WriteNull("refusal"u8);
        End(json, null, null, output);
        return choice;
    }

    private void Text(in ChatEvent chatEvent, ChatChoiceState choice, ReadOnlySpan<byte> member, IBufferWriter<byte> output)
    {
        FlushSignature(chatEvent.Choice, choice, output);
        choice.Switch(toText: true);
        using var json = Begin(chatEvent.Choice, output);
        json.WriteText(member, chatEvent.Text!);
        End(json, choice, null, output);
    }

    private void Reasoning(in ChatEvent chatEvent, ChatChoiceState choice, IBufferWriter<byte> output)
    {
        var (kind, origin) = (chatEvent.Kind, chatEvent.Origin);
        if (kind == ChatEventKind.ReasoningSignature && origin == ReasoningOrigin.Gemini && choice.OpenReasoning is null)
        {
            FlushSignature(chatEvent.Choice, choice, output);
            choice.Signature = chatEvent.Text;
            return;
        }

        var isNew = choice.OpenReasoning != origin || (kind == ChatEventKind.RedactedReasoning && origin != ReasoningOrigin.OpenAi);
        if (isNew && origin != ReasoningOrigin.Plain)
            choice.Details++;
        using var json = Begin(chatEvent.Choice, output);
        if (kind == ChatEventKind.Reasoning)
            json.WriteText("reasoning_content"u8, chatEvent.Text!);
        if (origin != ReasoningOrigin.Plain)
            ChatReasoningDelta.Write(json, chatEvent, isNew, choice.NameOnce(chatEvent.Id, isNew), choice.Details - 1, choice.Position);
        choice.OpenReasoning = kind == ChatEventKind.Reasoning ? origin : null;
        End(json, choice, null, output);
    }

    /// <summary>Writes a signature that waited for a tool call and met something else: it signs the text.</summary>
    private void FlushSignature(int index, ChatChoiceState choice, IBufferWriter<byte> output)
    {
        if (choice.Signature is not { } signature)
            return;
        choice.Signature = null;
        using var json = Begin(index, output);
        var signed = new ChatEvent(ChatEventKind.ReasoningSignature) { Text = signature, Origin = ReasoningOrigin.Gemini };
        ChatReasoningDelta.Write(json, signed, true, null, choice.Details++, choice.Position);
        End(json, choice, null, output);
    }

    private void StartCall(in ChatEvent chatEvent, ChatChoiceState choice, IBufferWriter<byte> output)
    {
        while (choice.Calls.Count <= chatEvent.Index)
            choice.Calls.Add(false);
        choice.Switch(toText: false);
        if (_isLegacy && chatEvent.Index > 0)
            return; // the legacy form holds one call
        var id = chatEvent.Id is { Length: > 0 } given ? given : ChatReplyWriter.MakeId(_envelope, chatEvent.Choice, chatEvent.Index);
        using var json = Begin(chatEvent.Choice, output);
        if (choice.Signature is { } signature)
        {
            json.WriteStartArray("reasoning_details"u8);
            ChatReasoningWriter.WriteSigned(json, signature, id, choice.Details++);
            json.WriteEndArray();
        }

        ChatToolCallDelta.WriteStart(json, chatEvent.Index, id, chatEvent.Name ?? "", choice.Signature, _isLegacy);
        choice.Signature = null;
        End(json, choice, null, output);
    }

    private void Arguments(in ChatEvent chatEvent, ChatChoiceState choice, string arguments, IBufferWriter<byte> output)
    {
        if (chatEvent.Index >= choice.Calls.Count)
            return;
        choice.Calls[chatEvent.Index] = true;
        if (_isLegacy && chatEvent.Index > 0)
            return;
        using var json = Begin(chatEvent.Choice, output);
        ChatToolCallDelta.WriteArguments(json, chatEvent.Index, arguments, _isLegacy);
        End(json, choice, null, output);
    }

    private void Citation(in ChatEvent chatEvent, ChatChoiceState choice, IBufferWriter<byte> output)
    {
        using var json = Begin(chatEvent.Choice, output);
        json.WriteStartArray("annotations"u8);
        OpenAiCitations.Write(json, chatEvent.Raw, nested: true, choice.TextStart, choice.TextLength);
        json.WriteEndArray();
        End(json, choice, null, output);
    }

    private void Logprobs(in ChatEvent chatEvent, ChatChoiceState choice, IBufferWriter<byte> output)
    {
        if (!choice.Logprobs.IsMissing)
        {
            using var json = Begin(chatEvent.Choice, output);
            End(json, choice, null, output);
        }

        choice.Logprobs = chatEvent.Raw;
    }

    private void Media(in ChatEvent chatEvent, IBufferWriter<byte> output)
    {
        using var json = Begin(chatEvent.Choice, output);
        if (chatEvent.Name?.StartsWith("audio/", StringComparison.Ordinal) == true)
        {
            json.WritePropertyName("audio"u8);
            if (chatEvent.Raw.IsMissing)
            {
                json.WriteStartObject();
                json.WriteText("id"u8, chatEvent.Id ?? $"audio_{_envelope.RequestId}");
                json.WriteText("data"u8, chatEvent.Text ?? "");
                json.WriteEndObject();
            }
            else
            {
                chatEvent.Raw.WriteTo(json);
            }
        }
        else
        {
            json.WriteStartArray("images"u8);
            ChatReplyWriter.WriteImage(json, $"data:{chatEvent.Name ?? "image/png"};base64,{chatEvent.Text}", chatEvent.Index);
            json.WriteEndArray();
        }

        End(json, null, null, output);
    }

    /// <summary>Begins a chunk; the writer stands in its delta.</summary>
    private Utf8JsonWriter Begin(int index, IBufferWriter<byte> output)
    {
        output.Write(_head ??= Head());
        var json = WireJson.Writer(output);
        json.WriteStartObject();
        json.WriteNumber("index"u8, index);
        json.WriteStartObject("delta"u8);
        return json;
    }

    /// <summary>Ends a chunk. Waiting log probabilities go with it.</summary>
    private void End(Utf8JsonWriter json, ChatChoiceState? choice, string? finish, IBufferWriter<byte> output)
    {
        json.WriteEndObject();
        json.WritePropertyName("logprobs"u8);
        if (choice is null || choice.Logprobs.IsMissing)
        {
            json.WriteNullValue();
        }
        else
        {
            choice.Logprobs.WriteTo(json);
            choice.Logprobs = default;
        }

        if (finish is null)
            json.WriteNull("finish_reason"u8);
        else
            json.WriteString("finish_reason"u8, finish);
        json.WriteEndObject();
        json.Flush();
        output.Write(_envelope.IncludeUsage ? "],\"usage\":null}\n\n"u8 : "]}\n\n"u8);
    }

    /// <summary>What every chunk begins with.</summary>
    private byte[] Head()
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        buffer.Write("data: "u8);
        using (var json = WireJson.Writer(buffer))
        {
            json.WriteStartObject();
            json.WriteText("id"u8, _id is { Length: > 0 } ? _id : $"chatcmpl-{_envelope.RequestId}");
            json.WriteString("object"u8, "chat.completion.chunk"u8);
            json.WriteNumber("created"u8, _envelope.Created.ToUnixTimeSeconds());
            json.WriteText("model"u8, _model is { Length: > 0 } ? _model : _envelope.Model);
            json.WriteStartArray("choices"u8);
        }

        return buffer.WrittenSpan.ToArray();
    }
}
