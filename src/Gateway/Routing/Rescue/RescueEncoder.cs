using System.Buffers;
using System.Text;
using Gateway.Dialects;
using Gateway.Metering;
using Gateway.Protocol;
using Gateway.Routing.Attempts;

namespace Gateway.Routing.Rescue;

/// <summary>
/// One attempt's way to the client's stream: what it says goes, as far as it is news, to the encoder that writes the whole reply, whichever
/// attempts it comes from.
/// </summary>
/// <param name="attempt">The attempt.</param>
/// <param name="client">Writes the reply.</param>
/// <param name="delivered">What has been written to it.</param>
/// <param name="continuation">Tells what is news; null when all is.</param>
/// <param name="spent">The tokens of earlier attempts that were part of the reply.</param>
internal sealed class RescueEncoder(Attempt attempt, IChatStreamEncoder client, DeliveredReply delivered, IContinuation? continuation = null, TokenUsage spent = default) : IChatStreamEncoder
{
    private readonly List<ChatEvent> _news = [];
    private bool _sawUsage;

    /// <summary>The attempt.</summary>
    public Attempt Attempt { get; } = attempt;

    /// <summary>Writes the reply.</summary>
    public IChatStreamEncoder Client { get; } = client;

    /// <summary>What has been written.</summary>
    public DeliveredReply Delivered { get; } = delivered;

    /// <summary>A comment that tells the client that its reply goes on; empty when the wire has none.</summary>
    public ReadOnlyMemory<byte> Mark { get; init; }

    /// <summary>Whether anything was written.</summary>
    public bool HasNews { get; private set; }

    public bool Refuses => continuation is { Diverged: true };

    public void Encode(in ChatEvent chatEvent, IBufferWriter<byte> output)
    {
        if (continuation is null)
        {
            Write(chatEvent, output);
            return;
        }

        continuation.Filter(chatEvent, _news);
        WriteNews(output);
    }

    public void End(IBufferWriter<byte> output)
    {
        continuation?.End(_news);
        WriteNews(output);
        if (!_sawUsage && spent != default)
            Client.Encode(new ChatEvent(ChatEventKind.Usage) { Usage = spent }, output); // more is not known
        Client.End(output);
    }

    private void WriteNews(IBufferWriter<byte> output)
    {
        foreach (var chatEvent in _news)
            Write(chatEvent, output);
        _news.Clear();
    }

    private void Write(in ChatEvent chatEvent, IBufferWriter<byte> output)
    {
        if (chatEvent.Kind == ChatEventKind.Usage)
        {
            _sawUsage = true;
            Client.Encode(chatEvent with { Usage = spent + chatEvent.Usage }, output);
            return;
        }

        if (!HasNews && chatEvent.Kind != ChatEventKind.Ping)
        {
            HasNews = true;
            output.Write(Mark.Span);
        }

        Delivered.Note(chatEvent);
        Client.Encode(chatEvent, output);
    }

    /// <summary>The comment <c>: gateway resumed model=… provider=…</c>.</summary>
    public static byte[] Comment(TargetSnapshot target) =>
        Encoding.ASCII.GetBytes($": gateway resumed model={Uri.EscapeDataString(target.Model).Replace("%2F", "/", StringComparison.Ordinal).Replace("%3A", ":", StringComparison.Ordinal)} provider={target.Provider.Id}\n\n");
}
