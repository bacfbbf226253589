using System.Buffers;
using System.Text;
using System.Text.Json;
using Gateway.Metering;
using Gateway.Protocol;

namespace Gateway.Dialects.Ollama;

/// <summary>Writes Ollama's stream: a line for every piece of text or thought; a tool call's line when the call is whole; the done line last.</summary>
internal sealed class OllamaStreamEncoder(ReplyEnvelope envelope) : IChatStreamEncoder
{
    private readonly List<Call> _calls = [];
    private string _model = envelope.Model;
    private bool _isThinking;
    private string? _callSignature;
    private FinishReason _finish;
    private TokenUsage? _usage;

    public void Encode(in ChatEvent chatEvent, IBufferWriter<byte> output)
    {
        if (chatEvent.Choice > 0)
            return; // the wire has one answer
        var index = chatEvent.Index;
        switch (chatEvent.Kind)
        {
            case ChatEventKind.Start:
                _model = chatEvent.Name ?? _model;
                break;
            case ChatEventKind.Text or ChatEventKind.Refusal when chatEvent.Text is { Length: > 0 } text:
                _isThinking = false;
                WriteText(output, text, null, null);
                break;
            case ChatEventKind.Reasoning when chatEvent.Text is { Length: > 0 } thought:
                _isThinking = true;
                WriteText(output, "", thought, null);
                break;
            case ChatEventKind.ReasoningSignature when chatEvent.Text is { } signature:
                if (_isThinking)
                    WriteText(output, "", null, OllamaMessageJson.Wrap(signature, chatEvent.Origin));
                else
                    _callSignature = OllamaMessageJson.Wrap(signature, chatEvent.Origin);
                break;
            case ChatEventKind.PartEnd:
                _isThinking = false;
                break;
            case ChatEventKind.Logprobs when !chatEvent.Raw.IsMissing:
                WriteLogprobs(output, chatEvent.Raw);
                break;
            case ChatEventKind.ToolCallStart:
                _isThinking = false;
                _calls.Add(new Call(index, chatEvent.Id ?? $"call_{envelope.RequestId}_{index}", chatEvent.Name ?? "", _callSignature));
                _callSignature = null;
                break;
            case ChatEventKind.ToolCallArguments:
                _calls.Find(c => c.Index == index)?.Arguments.Append(chatEvent.Text);
                break;
            case ChatEventKind.ToolCallEnd:
                if (_calls.Find(c => c.Index == index) is { IsWritten: false } call)
                    WriteCall(output, call);
                break;
            case ChatEventKind.Finish:
                _finish = chatEvent.Finish;
                break;
            case ChatEventKind.Usage:
                _usage = chatEvent.Usage;
                break;
        }
    }

    public void End(IBufferWriter<byte> output)
    {
        foreach (var call in _calls)
        {
            if (!call.IsWritten)
                WriteCall(output, call);
        }

        using (var json = Begin(output))
        {
            json.WriteString("content"u8, ""u8);
            json.WriteEndObject();
            json.WriteBoolean("done"u8, true);
            json.WriteString("done_reason"u8, OllamaFinish.Write(_finish));
            if (_usage is { } usage)
                OllamaUsage.Write(json, usage);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    private void WriteText(IBufferWriter<byte> output, string text, string? thought, string? signature)
    {
        using (var json = Begin(output))
        {
            json.WriteText("content"u8, text);
            if (thought is not null)
                json.WriteText("thinking"u8, thought);
            if (signature is not null)
                json.WriteString("thinking_signature"u8, signature);
            EndPiece(json);
        }

        output.Write("\n"u8);
    }

    private void WriteLogprobs(IBufferWriter<byte> output, RawJson logprobs)
    {
        using (var json = Begin(output))
        {
            json.WriteString("content"u8, ""u8);
            json.WriteEndObject();
            json.WriteBoolean("done"u8, false);
            OllamaLogprobs.Write(json, logprobs);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    private void WriteCall(IBufferWriter<byte> output, Call call)
    {
        call.IsWritten = true;
        using (var json = Begin(output))
        {
            json.WriteString("content"u8, ""u8);
            json.WriteStartArray("tool_calls"u8);
            OllamaMessageJson.WriteCall(json, call.Id, call.Index, call.Name, call.Arguments.ToString(), call.Signature);
            json.WriteEndArray();
            EndPiece(json);
        }

        output.Write("\n"u8);
    }

    /// <summary>Opens a line down to its message.</summary>
    private Utf8JsonWriter Begin(IBufferWriter<byte> output)
    {
        var json = WireJson.Writer(output);
        json.WriteStartObject();
        OllamaReplyWriter.WriteHead(json, _model, envelope.Created);
        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant"u8);
        return json;
    }

    private static void EndPiece(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        json.WriteBoolean("done"u8, false);
        json.WriteEndObject();
    }

    private sealed record Call(int Index, string Id, string Name, string? Signature)
    {
        public StringBuilder Arguments { get; } = new();

        public bool IsWritten { get; set; }
    }
}
