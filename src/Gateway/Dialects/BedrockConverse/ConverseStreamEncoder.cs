using System.Buffers;
using System.Text;
using System.Text.Json;
using Gateway.Metering;
using Gateway.Protocol;
using Gateway.Transport;

namespace Gateway.Dialects.BedrockConverse;

/// <summary>
/// Writes a ConverseStream. Its blocks follow one another: what belongs to a later block is held back while a tool's call is still being
/// spoken. The wire has one answer; events of others are left out.
/// </summary>
internal sealed class ConverseStreamEncoder(ReplyEnvelope envelope) : IChatStreamEncoder
{
    private readonly ConverseEventWriter _events = new();
    private readonly List<StreamBlock> _blocks = []; // the open one first, the others wait
    private int _next;                         // index on the wire of the block that opens next
    private int _calls;
    private bool _started;
    private FinishReason? _finish;
    private string? _stopSequence;
    private TokenUsage _usage;

    public void Encode(in ChatEvent chatEvent, IBufferWriter<byte> output)
    {
        if (chatEvent.Choice > 0)
            return;
        switch (chatEvent.Kind)
        {
            case ChatEventKind.Start:
                Begin(output);
                break;
            case ChatEventKind.Text or ChatEventKind.Refusal:
                Add(Spoken(StreamPieceKind.Text, output), new StreamPiece(StreamPieceKind.Text, chatEvent.Text ?? ""), output);
                break;
            case ChatEventKind.Reasoning:
                Add(Spoken(StreamPieceKind.Reasoning, output), new StreamPiece(StreamPieceKind.Reasoning, chatEvent.Text ?? ""), output);
                break;
            case ChatEventKind.ReasoningSignature:
                var signed = Spoken(StreamPieceKind.Reasoning, output);
                Add(signed, new StreamPiece(StreamPieceKind.Signature, ForeignSignature.Wrap(chatEvent.Text ?? "", chatEvent.Origin, ReasoningOrigin.Anthropic)), output);
                End(signed, output);
                break;
            case ChatEventKind.RedactedReasoning:
                AddWhole(new StreamBlock(StreamPieceKind.Reasoning), new StreamPiece(StreamPieceKind.Redacted, ConverseBlocks.RedactedText(chatEvent.Text ?? "", chatEvent.Origin)), output);
                break;
            case ChatEventKind.Citation when IsCitation(chatEvent.Raw):
                Add(Spoken(StreamPieceKind.Text, output), new StreamPiece(StreamPieceKind.Citation, "") { Raw = chatEvent.Raw }, output);
                break;
            case ChatEventKind.Media when ConverseFormats.Image(new MediaSource { Data = chatEvent.Text, MediaType = chatEvent.Name }) is { } format:
                AddWhole(new StreamBlock(StreamPieceKind.Image) { Name = format }, new StreamPiece(StreamPieceKind.Image, chatEvent.Text ?? ""), output);
                break;
            case ChatEventKind.ToolCallStart:
                Append(new StreamBlock(StreamPieceKind.Tool) { Call = chatEvent.Index, Id = chatEvent.Id ?? ConverseReplyWriter.MadeId(envelope, chatEvent.Index), Name = chatEvent.Name ?? "" }, output);
                _calls++;
                break;
            case ChatEventKind.ToolCallArguments:
                if (Call(chatEvent.Index) is { } called)
                    Add(called, new StreamPiece(StreamPieceKind.Tool, chatEvent.Text ?? ""), output);
                break;
            case ChatEventKind.ToolCallEnd:
                if (Call(chatEvent.Index) is { } ended)
                    End(ended, output);
                break;
            case ChatEventKind.PartEnd:
                if (_blocks.Count > 0 && _blocks[^1].Kind != StreamPieceKind.Tool)
                    End(_blocks[^1], output);
                break;
            case ChatEventKind.Finish:
                _finish = chatEvent.Finish;
                _stopSequence = chatEvent.Text;
                EndAll(output);
                break;
            case ChatEventKind.Usage:
                _usage = chatEvent.Usage;
                break;
        }
    }

    public void End(IBufferWriter<byte> output)
    {
        Begin(output);
        EndAll(output);
        var finish = _finish ?? FinishReason.Stop;
        if (finish == FinishReason.Stop && _calls > 0)
            finish = FinishReason.ToolCalls;
        _events.MessageStop(output, ConverseFinish.Write(finish, _stopSequence), _stopSequence);
        _events.Metadata(output, _usage);
    }

    private static bool IsCitation(RawJson raw)
    {
        if (raw.IsMissing)
            return false;
        // Other wires cite in other forms, which a client of this one would misread.
        using var document = raw.Parse();
        return document.RootElement.Get("location"u8).Says() || document.RootElement.Get("sourceContent"u8).Says();
    }

    private void Begin(IBufferWriter<byte> output)
    {
        if (_started)
            return;
        _started = true;
        ConverseEventWriter.MessageStart(output);
    }

    /// <summary>The last block if it is of this kind and goes on, otherwise a new one.</summary>
    private StreamBlock Spoken(StreamPieceKind kind, IBufferWriter<byte> output)
    {
        if (_blocks.Count > 0 && _blocks[^1] is { IsEnded: false } last && last.Kind == kind)
            return last;
        var block = new StreamBlock(kind);
        Append(block, output);
        return block;
    }

    private StreamBlock? Call(int index) => _blocks.Find(block => block.Kind == StreamPieceKind.Tool && block.Call == index && !block.IsEnded);

    private void AddWhole(StreamBlock block, StreamPiece piece, IBufferWriter<byte> output)
    {
        Append(block, output);
        Add(block, piece, output);
        End(block, output);
    }

    private void Append(StreamBlock block, IBufferWriter<byte> output)
    {
        Begin(output);
        // Of text and reasoning the next block is the end, said or not; a call ends only when it is said.
        if (_blocks.Count > 0 && _blocks[^1].Kind != StreamPieceKind.Tool)
            _blocks[^1].IsEnded = true;
        _blocks.Add(block);
        Advance(output);
    }

    private void Add(StreamBlock block, StreamPiece piece, IBufferWriter<byte> output)
    {
        if (_blocks[0] == block)
            _events.Delta(output, block.Index, piece);
        else
            block.Hold(piece);
    }

    private void End(StreamBlock block, IBufferWriter<byte> output)
    {
        block.IsEnded = true;
        Advance(output);
    }

    private void EndAll(IBufferWriter<byte> output)
    {
        foreach (var block in _blocks)
            block.IsEnded = true;
        Advance(output);
    }

    /// <summary>Closes what has ended and opens what follows, up to the first block that goes on.</summary>
    private void Advance(IBufferWriter<byte> output)
    {
        while (_blocks.Count > 0)
        {
            var block = _blocks[0];
            if (block.Index < 0)
            {
                block.Index = _next++;
                if (block.Kind is StreamPieceKind.Tool or StreamPieceKind.Image)
                    _events.BlockStart(output, block);
                foreach (var piece in block.TakeHeld())
                    _events.Delta(output, block.Index, piece);
            }

            if (!block.IsEnded)
                return;
            _events.BlockStop(output, block.Index);
            _blocks.RemoveAt(0);
        }
    }
}
