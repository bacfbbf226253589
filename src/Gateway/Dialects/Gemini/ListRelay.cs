using System.Buffers;
using Gateway.Protocol;
using Gateway.Transport;

namespace Gateway.Dialects.Gemini;

/// <summary>Relays a provider's events as the elements of a list: what an event holds is not changed, only what stands around it.</summary>
/// <param name="decoder">Reads the events.</param>
/// <param name="framing">The list.</param>
internal sealed class ListRelay(IChatStreamDecoder decoder, ListFraming framing) : IChatStreamDecoder, IChatStreamEncoder
{
    private readonly ArrayBufferWriter<byte> _element = new(1024);

    public bool Finished => decoder.Finished;

    public ProviderErrorFacts? Error => decoder.Error;

    public TapVerdict Decode(in StreamFrame frame, List<ChatEvent> events)
    {
        _element.ResetWrittenCount();
        var verdict = decoder.Decode(frame, events);
        if (verdict is TapVerdict.Content or TapVerdict.Preamble && frame.HasData)
        {
            _element.Write(frame.Data);
            if (events.Count == 0)
                events.Add(new ChatEvent(ChatEventKind.Ping)); // every element is passed on, also one that says nothing
        }

        return verdict;
    }

    /// <summary>The first of an element's events stands for all of it.</summary>
    public void Encode(in ChatEvent chatEvent, IBufferWriter<byte> output)
    {
        if (_element.WrittenCount == 0)
            return;
        framing.BeginChunk(output);
        output.Write(_element.WrittenSpan);
        framing.EndChunk(output);
        _element.ResetWrittenCount();
    }

    public void End(IBufferWriter<byte> output) => framing.End(output);
}
