using System.Buffers;
using Gateway.Metering;
using Gateway.Protocol;

namespace Gateway.Dialects.Anthropic;

/// <summary>
/// Writes a stream of Messages events to a client. Blocks stand one after the other on this wire: while a tool call is open, everything that is
/// not of it waits for its end.
/// </summary>
internal sealed class AnthropicStreamEncoder(ReplyEnvelope envelope, IAnthropicEventSink sink) : IChatStreamEncoder
{
    private readonly AnthropicEventWriter _writer = new(sink);
    private List<ChatEvent> _waiting = [];
    private string? _id;
    private string? _model;
    private TokenUsage _usage;
    private FinishReason _finish = FinishReason.Stop;
    private string? _stopText;
    private Block _open;
    private int _openCall;
    private bool _openSigned;
    private bool _openSawArguments;
    private bool _started;
    private bool _sawUsage;
    private bool _refused;
    private int _calls;

    private enum Block
    {
        None,
        Text,
        Thinking,
        Call,
    }

    public void Encode(in ChatEvent chatEvent, IBufferWriter<byte> output)
    {
        if (chatEvent.Choice > 0)
            return; // this wire has one answer
        switch (chatEvent.Kind)
        {
            case ChatEventKind.Start:
                _id = chatEvent.Id;
                _model = chatEvent.Name;
                break;
            case ChatEventKind.Usage:
                _usage = chatEvent.Usage;
                _sawUsage = true;
                break;
            case ChatEventKind.Finish:
                _finish = chatEvent.Finish;
                _stopText = chatEvent.Text;
                break;
            case ChatEventKind.Ping:
                _writer.Ping(output);
                break;
            case ChatEventKind.Logprobs or ChatEventKind.Media:
                break; // no place for them
            default:
                Start(output);
                Route(chatEvent, output);
                break;
        }
    }

    public void End(IBufferWriter<byte> output)
    {
        Start(output);
        while (_open == Block.Call || _waiting.Count > 0)
        {
            Close(output);
            Drain(output);
        }

        Close(output);
        _writer.MessageDelta(output, AnthropicStop.Write(_finish, _stopText, _calls > 0, _refused), _stopText, _usage);
        _writer.MessageStop(output);
    }

    /// <summary>Held until the first content, because usage may come between the start and it.</summary>
    private void Start(IBufferWriter<byte> output)
    {
        if (_started)
            return;
        _started = true;
        // Clients add the output tokens of the first and the last event: the first says none. Some take the input only from the first, so where
        // the provider says it last the first has an estimate.
        var usage = _sawUsage ? _usage with { Output = 0, Reasoning = 0 } : new TokenUsage(PromptEstimate.Tokens(envelope.Request), 0);
        _writer.MessageStart(output, AnthropicReplyWriter.MessageId(_id, envelope), _model ?? envelope.Model, usage);
    }

    private void Route(in ChatEvent chatEvent, IBufferWriter<byte> output)
    {
        if (_open == Block.Call && !(chatEvent.Kind is ChatEventKind.ToolCallArguments or ChatEventKind.ToolCallEnd && chatEvent.Index == _openCall))
            _waiting.Add(chatEvent);
        else
            Handle(chatEvent, output);
    }

    private void Drain(IBufferWriter<byte> output)
    {
        if (_waiting.Count == 0)
            return;
        // What waits again while these are handled comes before what is still to be handled, so the order stays.
        var waiting = _waiting;
        _waiting = [];
        foreach (var chatEvent in waiting)
            Route(chatEvent, output);
    }

    private void Handle(in ChatEvent chatEvent, IBufferWriter<byte> output)
    {
        switch (chatEvent.Kind)
        {
            case ChatEventKind.Text or ChatEventKind.Refusal:
                _refused |= chatEvent.Kind == ChatEventKind.Refusal;
                Open(Block.Text, output);
                _writer.TextDelta(output, chatEvent.Text!);
                break;
            case ChatEventKind.Citation when AnthropicCitations.IsOwn(chatEvent.Raw):
                Open(Block.Text, output);
                _writer.CitationDelta(output, chatEvent.Raw);
                break;
            case ChatEventKind.Reasoning:
                OpenThinking(output);
                _writer.ThinkingDelta(output, chatEvent.Text!);
                break;
            case ChatEventKind.ReasoningSignature when chatEvent.Origin is not (ReasoningOrigin.Plain or ReasoningOrigin.Unknown):
                Sign(ThinkingBlocks.Proof(chatEvent.Text!, null, chatEvent.Origin), output);
                break;
            case ChatEventKind.RedactedReasoning:
                Redacted(chatEvent, output);
                break;
            case ChatEventKind.ToolCallStart:
                Close(output);
                _open = Block.Call;
                _openCall = chatEvent.Index;
                _openSawArguments = false;
                _writer.CallStart(output, AnthropicReplyWriter.CallId(chatEvent.Id, _calls++, envelope), chatEvent.Name ?? "");
                break;
            case ChatEventKind.ToolCallArguments when _open == Block.Call:
                _openSawArguments = true;
                _writer.InputDelta(output, chatEvent.Text!);
                break;
            case ChatEventKind.ToolCallEnd when _open == Block.Call:
                Close(output);
                Drain(output);
                break;
            case ChatEventKind.PartEnd:
                Close(output);
                break;
        }
    }

    private void Redacted(in ChatEvent chatEvent, IBufferWriter<byte> output)
    {
        var proof = ThinkingBlocks.Proof(chatEvent.Text!, chatEvent.Id, chatEvent.Origin);
        // Another vendor's proof belongs to the summary that was shown; our own kind of block is one by itself.
        if (_open == Block.Thinking && !_openSigned && chatEvent.Origin != ReasoningOrigin.Anthropic)
        {
            Sign(proof, output);
            return;
        }

        Close(output);
        _writer.RedactedBlock(output, proof);
    }

    private void Sign(string signature, IBufferWriter<byte> output)
    {
        OpenThinking(output);
        _openSigned = true;
        _writer.SignatureDelta(output, signature);
    }

    private void OpenThinking(IBufferWriter<byte> output)
    {
        if (_open == Block.Thinking && _openSigned)
            Close(output); // what follows a signature is another thought
        Open(Block.Thinking, output);
    }

    private void Open(Block block, IBufferWriter<byte> output)
    {
        if (_open == block)
            return;
        Close(output);
        _open = block;
        _openSigned = false;
        if (block == Block.Text)
            _writer.TextStart(output);
        else
            _writer.ThinkingStart(output);
    }

    private void Close(IBufferWriter<byte> output)
    {
        if (_open == Block.None)
            return;
        if (_open == Block.Call && !_openSawArguments)
            _writer.InputDelta(output, "");
        _open = Block.None;
        _writer.BlockStop(output);
    }
}
