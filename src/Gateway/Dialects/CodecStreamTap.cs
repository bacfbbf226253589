using System.Buffers;
using System.Text;
using System.Text.Json;
using Gateway.Protocol;
using Gateway.Transport;

namespace Gateway.Dialects;

/// <summary>
/// Watches a stream through a codec's decoder. Without an encoder the frames are relayed as they came; with one each frame is replaced by
/// what it means on the client's wire.
/// </summary>
internal sealed class CodecStreamTap(IChatStreamDecoder decoder, ReplyFacts facts, IChatStreamEncoder? encoder = null) : DialectStreamTap
{
    private readonly List<ChatEvent> _events = [];
    private ArrayBufferWriter<byte>? _encoded;
    private byte[]? _end;

    public override bool Finished => decoder.Finished && encoder is not { Refuses: true };

    /// <summary>For a translated stream, what the client's wire ends with. A relayed one has no words of its own to add.</summary>
    public override ReadOnlyMemory<byte> MissingTerminator => _end ??= Ending();

    public override bool Replaces => encoder is not null;

    public override ReadOnlySpan<byte> Replacement => _encoded is null ? default : _encoded.WrittenSpan;

    public override TapVerdict Observe(in StreamFrame frame)
    {
        _events.Clear();
        _encoded?.ResetWrittenCount();
        TapVerdict verdict;
        try
        {
            verdict = decoder.Decode(frame, _events);
        }
        catch (JsonException)
        {
            return TapVerdict.Malformed;
        }

        if (verdict == TapVerdict.Error)
            Error = decoder.Error;
        if (verdict is TapVerdict.Error or TapVerdict.Malformed)
            return verdict;
        foreach (var chatEvent in _events)
        {
            Note(chatEvent);
            encoder?.Encode(chatEvent, _encoded ??= new ArrayBufferWriter<byte>(1024));
        }

        if (encoder is { Refuses: true })
            return TapVerdict.Unwanted;
        if (verdict == TapVerdict.Terminal && encoder is not null)
            encoder.End(_encoded ??= new ArrayBufferWriter<byte>(1024));
        return verdict;
    }

    private void Note(in ChatEvent chatEvent)
    {
        switch (chatEvent.Kind)
        {
            case ChatEventKind.Start:
                facts.Id ??= chatEvent.Id;
                facts.Model ??= chatEvent.Name;
                break;
            case ChatEventKind.Usage:
                facts.Usage = chatEvent.Usage;
                break;
            case ChatEventKind.Finish when chatEvent.Choice == 0:
                facts.FinishReason = FinishWords.OpenAi(chatEvent.Finish);
                break;
            case ChatEventKind.Text or ChatEventKind.Refusal or ChatEventKind.Reasoning or ChatEventKind.ToolCallArguments:
                Saw(chatEvent.Text);
                break;
            case ChatEventKind.ToolCallStart:
                Saw(chatEvent.Name);
                break;
        }
    }

    private void Saw(string? text)
    {
        if (text is { Length: > 0 })
            Saw(JsonEncodedText.Encode(text, JsonText.Writing.Encoder).EncodedUtf8Bytes);
    }

    private byte[] Ending()
    {
        if (encoder is null)
            return [];
        var output = new ArrayBufferWriter<byte>(512);
        encoder.End(output);
        return output.WrittenSpan.ToArray();
    }
}
