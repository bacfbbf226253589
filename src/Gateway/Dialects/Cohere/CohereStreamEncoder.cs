using System.Buffers;
using System.Text;
using System.Text.Json;
using Gateway.Metering;
using Gateway.Protocol;

namespace Gateway.Dialects.Cohere;

/// <summary>
/// Writes Cohere's stream. One content block is open at a time; tool calls follow one another, because clients append arguments to the last
/// call: what comes for a later call waits until the earlier one is whole.
/// </summary>
internal sealed class CohereStreamEncoder(ReplyEnvelope envelope) : IChatStreamEncoder
{
    private readonly List<CohereStreamCall> _calls = [];
    private ChatEventKind? _open; // Text or Reasoning
    private int _block = -1;
    private int _length;
    private int _citations;
    private int _front; // the call that is being written
    private string? _callSignature;
    private bool _started;
    private bool _stopText;
    private FinishReason? _finish;
    private TokenUsage? _usage;

    public void Encode(in ChatEvent chatEvent, IBufferWriter<byte> output)
    {
        if (chatEvent.Choice > 0)
            return; // the wire has one answer
        if (chatEvent.Kind == ChatEventKind.Ping)
        {
            output.Write(IDialect.CommentKeepAlive.Span);
            return;
        }

        Start(output, chatEvent.Kind == ChatEventKind.Start ? chatEvent.Id : null);
        switch (chatEvent.Kind)
        {
            case ChatEventKind.Text or ChatEventKind.Refusal when chatEvent.Text is { Length: > 0 } text:
                OpenBlock(ChatEventKind.Text, output);
                _length += text.Length;
                WriteDelta(output, "text"u8, text);
                break;
            case ChatEventKind.Reasoning when chatEvent.Text is { Length: > 0 } thought:
                OpenBlock(ChatEventKind.Reasoning, output);
                WriteDelta(output, "thinking"u8, thought);
                break;
            case ChatEventKind.ReasoningSignature:
                var signature = ForeignSignature.Wrap(chatEvent.Text ?? "", chatEvent.Origin, ReasoningOrigin.Plain);
                if (_open == ChatEventKind.Reasoning)
                    WriteDelta(output, "signature"u8, signature);
                else
                    _callSignature = signature;
                break;
            case ChatEventKind.RedactedReasoning:
                CloseBlock(output);
                OpenBlock(ChatEventKind.Reasoning, output);
                WriteDelta(output, "data"u8, ForeignSignature.Wrap(chatEvent.Text ?? "", chatEvent.Origin, ReasoningOrigin.Plain));
                CloseBlock(output);
                break;
            case ChatEventKind.PartEnd:
                CloseBlock(output);
                break;
            case ChatEventKind.Citation:
                WriteCitation(output, chatEvent.Raw);
                break;
            case ChatEventKind.Logprobs:
                OpenBlock(ChatEventKind.Text, output);
                CohereLogprobs.WriteEach(chatEvent.Raw, item => WriteLogprob(output, item));
                break;
            case ChatEventKind.ToolCallStart:
                CloseBlock(output);
                _calls.Add(new CohereStreamCall(chatEvent.Index, chatEvent.Id ?? $"call_{envelope.RequestId}_{chatEvent.Index}", chatEvent.Name ?? "") { Signature = _callSignature });
                _callSignature = null;
                Advance(output);
                break;
            case ChatEventKind.ToolCallArguments:
                var index = chatEvent.Index;
                _calls.Find(c => c.Index == index)?.Waiting.Append(chatEvent.Text);
                Advance(output);
                break;
            case ChatEventKind.ToolCallEnd:
                var ended = chatEvent.Index;
                if (_calls.Find(c => c.Index == ended) is { } call)
                    call.IsWhole = true;
                Advance(output);
                break;
            case ChatEventKind.Finish:
                (_finish, _stopText) = (chatEvent.Finish, chatEvent.Text is not null);
                break;
            case ChatEventKind.Usage:
                _usage = chatEvent.Usage;
                break;
        }
    }

    public void End(IBufferWriter<byte> output)
    {
        Start(output, null);
        CloseBlock(output);
        foreach (var call in _calls)
            call.IsWhole = true;
        Advance(output);
        using (var json = CohereEvents.Begin(output, "message-end"u8))
        {
            json.WriteStartObject("delta"u8);
            json.WriteString("finish_reason"u8, CohereFinish.Write(_finish ?? FinishReason.Stop, _stopText, _calls.Count > 0));
            if (_finish == FinishReason.ContentFilter)
                json.WriteString("error"u8, "The provider's content filter ended the answer."u8);
            if (_usage is { } usage)
                CohereUsage.Write(json, usage);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        output.Write("\n\ndata: [DONE]\n\n"u8);
    }

    private void Start(IBufferWriter<byte> output, string? id)
    {
        if (_started)
            return;
        _started = true;
        using (var json = CohereEvents.Begin(output, "message-start"u8))
        {
            json.WriteText("id"u8, id ?? envelope.RequestId);
            json.WriteStartObject("delta"u8);
            json.WriteStartObject("message"u8);
            json.WriteString("role"u8, "assistant"u8);
            json.WriteStartArray("content"u8);
            json.WriteEndArray();
            json.WriteString("tool_plan"u8, ""u8);
            json.WriteStartArray("tool_calls"u8);
            json.WriteEndArray();
            json.WriteStartArray("citations"u8);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        output.Write(CohereEvents.End);
    }

    private void OpenBlock(ChatEventKind kind, IBufferWriter<byte> output)
    {
        if (_open == kind)
            return;
        CloseBlock(output);
        _open = kind;
        _block++;
        _length = 0;
        var name = kind == ChatEventKind.Text ? "text"u8 : "thinking"u8;
        using (var json = CohereEvents.BeginDelta(output, "content-start"u8, _block))
        {
            json.WriteStartObject("content"u8);
            json.WriteString("type"u8, name);
            json.WriteString(name, ""u8);
            json.WriteEndObject();
            CohereEvents.EndDelta(json);
        }

        output.Write(CohereEvents.End);
    }

    private void CloseBlock(IBufferWriter<byte> output)
    {
        if (_open is null)
            return;
        _open = null;
        CohereEvents.WriteBare(output, "content-end"u8, _block);
    }

    private void WriteDelta(IBufferWriter<byte> output, ReadOnlySpan<byte> name, string text)
    {
        using (var json = CohereEvents.BeginDelta(output, "content-delta"u8, _block))
        {
            json.WriteStartObject("content"u8);
            json.WriteText(name, text);
            json.WriteEndObject();
            CohereEvents.EndDelta(json);
        }

        output.Write(CohereEvents.End);
    }

    private void WriteLogprob(IBufferWriter<byte> output, JsonElement item)
    {
        using (var json = CohereEvents.Begin(output, "content-delta"u8, _block))
        {
            json.WriteStartObject("delta"u8);
            json.WriteStartObject("message"u8);
            json.WriteStartObject("content"u8);
            json.WriteString("text"u8, ""u8);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WritePropertyName("logprobs"u8);
            CohereLogprobs.WriteItem(json, item);
            json.WriteEndObject();
        }

        output.Write(CohereEvents.End);
    }

    private void WriteCitation(IBufferWriter<byte> output, RawJson citation)
    {
        if (citation.IsMissing)
            return;
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var scratch = WireJson.Writer(buffer))
        {
            using var document = citation.Parse();
            if (!CohereCitations.TryWrite(scratch, document.RootElement, _length, Math.Max(0, _block)))
                return;
        }

        using (var json = CohereEvents.BeginDelta(output, "citation-start"u8, _citations))
        {
            json.WriteRaw("citations"u8, new RawJson(buffer.WrittenMemory));
            CohereEvents.EndDelta(json);
        }

        output.Write(CohereEvents.End);
        CohereEvents.WriteBare(output, "citation-end"u8, _citations++);
    }

    /// <summary>Writes what can be written of the calls: all that is there for the one in front, and of those behind it nothing before it is whole.</summary>
    private void Advance(IBufferWriter<byte> output)
    {
        for (; _front < _calls.Count; _front++)
        {
            var call = _calls[_front];
            if (!call.IsOpen)
                WriteCallStart(output, call);
            if (call.IsWhole && !call.HasArguments && call.Waiting.Length == 0)
                call.Waiting.Append("{}");
            if (call.Waiting.Length > 0)
                WriteArguments(output, call);
            if (!call.IsWhole)
                return;
            CohereEvents.WriteBare(output, "tool-call-end"u8, _front);
        }
    }

    private void WriteCallStart(IBufferWriter<byte> output, CohereStreamCall call)
    {
        call.IsOpen = true;
        using (var json = CohereEvents.BeginDelta(output, "tool-call-start"u8, _front))
        {
            json.WriteStartObject("tool_calls"u8);
            json.WriteText("id"u8, call.Id);
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteText("name"u8, call.Name);
            json.WriteString("arguments"u8, ""u8);
            json.WriteEndObject();
            if (call.Signature is not null)
                json.WriteText("signature"u8, call.Signature);
            json.WriteEndObject();
            CohereEvents.EndDelta(json);
        }

        output.Write(CohereEvents.End);
    }

    private void WriteArguments(IBufferWriter<byte> output, CohereStreamCall call)
    {
        call.HasArguments = true;
        using (var json = CohereEvents.BeginDelta(output, "tool-call-delta"u8, _front))
        {
            json.WriteStartObject("tool_calls"u8);
            json.WriteStartObject("function"u8);
            json.WriteText("arguments"u8, call.Waiting.ToString());
            json.WriteEndObject();
            json.WriteEndObject();
            CohereEvents.EndDelta(json);
        }

        output.Write(CohereEvents.End);
        call.Waiting.Clear();
    }
}
