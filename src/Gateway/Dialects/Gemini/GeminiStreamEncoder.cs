using System.Buffers;
using System.Text.Json;
using Gateway.Metering;
using Gateway.Protocol;

namespace Gateway.Dialects.Gemini;

/// <summary>Writes a stream of <c>GenerateContentResponse</c>s, each part in a chunk of its own, calls whole; the last one says why it ended and the usage.</summary>
internal sealed class GeminiStreamEncoder(ReplyEnvelope envelope, IGeminiFraming framing) : IChatStreamEncoder
{
    private readonly List<GeminiChoiceState> _choices = [];
    private string? _id;
    private string? _model;
    private TokenUsage? _usage;

    public void Encode(in ChatEvent chatEvent, IBufferWriter<byte> output)
    {
        switch (chatEvent.Kind)
        {
            case ChatEventKind.Start:
                _id = chatEvent.Id;
                _model = chatEvent.Name;
                break;
            case ChatEventKind.Usage:
                _usage = chatEvent.Usage;
                break;
            case ChatEventKind.Ping:
                break;
            default:
                EncodeOf(Choice(chatEvent.Choice), chatEvent, output);
                break;
        }
    }

    public void End(IBufferWriter<byte> output)
    {
        if (_choices.Count == 0)
            Choice(0);
        _choices.Sort((one, other) => one.Index.CompareTo(other.Index));
        foreach (var choice in _choices)
        {
            foreach (var call in choice.TakeCalls(all: true))
                WriteCall(output, choice, call);
        }

        using (var writer = Begin(output))
        {
            foreach (var choice in _choices)
            {
                BeginContent(writer);
                GeminiReplyParts.WriteText(writer, "", false, choice.TakeSignature());
                EndContent(writer);
                writer.WriteString("finishReason"u8, GeminiFinish.Write(choice.Finish));
                writer.WriteNumber("index"u8, choice.Index);
                GeminiCitations.Write(writer, choice.Citations);
                GeminiLogprobs.Write(writer, choice.Logprobs);
                writer.WriteEndObject();
            }

            Complete(writer, _usage);
        }

        framing.EndChunk(output);
        framing.End(output);
    }

    private void EncodeOf(GeminiChoiceState choice, in ChatEvent chatEvent, IBufferWriter<byte> output)
    {
        switch (chatEvent.Kind)
        {
            case ChatEventKind.Text or ChatEventKind.Refusal when chatEvent.Text is { Length: > 0 } text:
                choice.IsThinking = false;
                WriteText(output, choice, text, false, null);
                break;
            case ChatEventKind.Reasoning when chatEvent.Text is { Length: > 0 } text:
                choice.IsThinking = true;
                WriteText(output, choice, text, true, null);
                break;
            case ChatEventKind.ReasoningSignature:
                EncodeSignature(choice, chatEvent, output);
                break;
            case ChatEventKind.RedactedReasoning:
                WriteText(output, choice, "", true, GeminiSignatures.Wrap(null, chatEvent.Text, chatEvent.Id, chatEvent.Origin));
                choice.IsThinking = false;
                break;
            case ChatEventKind.ToolCallStart:
                choice.IsThinking = false;
                choice.StartCall(chatEvent);
                break;
            case ChatEventKind.ToolCallArguments:
                choice.Argue(chatEvent);
                break;
            case ChatEventKind.ToolCallEnd:
                choice.EndCall(chatEvent.Index);
                foreach (var call in choice.TakeCalls(all: false))
                    WriteCall(output, choice, call);
                break;
            case ChatEventKind.PartEnd:
                choice.IsThinking = false;
                break;
            case ChatEventKind.Citation:
                choice.Citations.Add(chatEvent.Raw);
                break;
            case ChatEventKind.Logprobs:
                choice.Logprobs.Add(chatEvent.Raw);
                break;
            case ChatEventKind.Media when chatEvent.Text is { Length: > 0 } data:
                choice.IsThinking = false;
                WriteMedia(output, choice, data, chatEvent.Name);
                break;
            case ChatEventKind.Finish:
                choice.Finish = chatEvent.Finish;
                break;
        }
    }

    /// <summary>A foreign signature, or one of thoughts, stands on a piece of thought; Google's own waits for its call, or for the last text.</summary>
    private void EncodeSignature(GeminiChoiceState choice, in ChatEvent chatEvent, IBufferWriter<byte> output)
    {
        var isThought = choice.IsThinking || chatEvent.Origin != ReasoningOrigin.Gemini;
        choice.IsThinking = false;
        if (isThought)
            WriteText(output, choice, "", true, GeminiSignatures.Wrap(chatEvent.Text, null, null, chatEvent.Origin));
        else if (choice.WaitSignature(chatEvent.Text) is { } earlier)
            WriteText(output, choice, "", false, earlier);
    }

    private void WriteText(IBufferWriter<byte> output, GeminiChoiceState choice, string text, bool isThought, string? signature)
    {
        using (var writer = Begin(output))
        {
            BeginContent(writer);
            GeminiReplyParts.WriteText(writer, text, isThought, signature);
            EndChunk(writer, choice);
        }

        framing.EndChunk(output);
    }

    private void WriteMedia(IBufferWriter<byte> output, GeminiChoiceState choice, string data, string? type)
    {
        using (var writer = Begin(output))
        {
            BeginContent(writer);
            GeminiReplyParts.WriteMedia(writer, new MediaSource { Data = data, MediaType = type }, "audio/pcm", choice.TakeSignature());
            EndChunk(writer, choice);
        }

        framing.EndChunk(output);
    }

    private void WriteCall(IBufferWriter<byte> output, GeminiChoiceState choice, GeminiPendingCall call)
    {
        using (var writer = Begin(output))
        {
            BeginContent(writer);
            var id = call.Id is { Length: > 0 } given ? given : CallIds.Make($"{envelope.RequestId} {choice.Index}", call.Index, call.Name);
            GeminiReplyParts.WriteCall(writer, id, call.Name, call.Arguments.ToString(), call.Signature);
            EndChunk(writer, choice);
        }

        framing.EndChunk(output);
    }

    private Utf8JsonWriter Begin(IBufferWriter<byte> output)
    {
        framing.BeginChunk(output);
        var writer = WireJson.Writer(output);
        writer.WriteStartObject();
        writer.WriteStartArray("candidates"u8);
        return writer;
    }

    private static void BeginContent(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("content"u8);
        writer.WriteStartArray("parts"u8);
    }

    private static void EndContent(Utf8JsonWriter writer)
    {
        writer.WriteEndArray();
        writer.WriteString("role"u8, "model"u8);
        writer.WriteEndObject();
    }

    private void EndChunk(Utf8JsonWriter writer, GeminiChoiceState choice)
    {
        EndContent(writer);
        writer.WriteNumber("index"u8, choice.Index);
        writer.WriteEndObject();
        Complete(writer, null);
    }

    private void Complete(Utf8JsonWriter writer, TokenUsage? usage)
    {
        writer.WriteEndArray();
        if (usage is { } tokens)
            GeminiUsage.Write(writer, tokens);
        writer.WriteText("modelVersion"u8, _model ?? envelope.Model);
        writer.WriteText("responseId"u8, _id ?? envelope.RequestId);
        writer.WriteEndObject();
    }

    private GeminiChoiceState Choice(int index)
    {
        var known = _choices.Find(choice => choice.Index == index);
        if (known is null)
            _choices.Add(known = new GeminiChoiceState(index));
        return known;
    }
}
