using System.Text;
using System.Text.Json;
using Gateway.Dialects;
using Gateway.Metering;
using Gateway.Protocol;
using Gateway.Tests.Pipeline;
using Gateway.Transport;

namespace Gateway.Tests.Routing.Rescue;

/// <summary>A stream as the client of a wire reads it.</summary>
internal sealed class SeenReply
{
    private readonly List<ChatEvent> _events;
    private readonly List<TapVerdict> _verdicts;

    public SeenReply(Operation wire, MemoryExchange client)
    {
        var dialect = DialectRegistry.For(wire)!;
        (_events, _verdicts, _) = Testing.CodecRig.Decode(dialect.Codec!, dialect.Framing, client.Sent);
    }

    public string Text => Join(ChatEventKind.Text);

    public string Reasoning => Join(ChatEventKind.Reasoning);

    public string Arguments => Join(ChatEventKind.ToolCallArguments);

    public int Calls => _events.Count(e => e.Kind == ChatEventKind.ToolCallStart);

    public int Finishes => _events.Count(e => e.Kind == ChatEventKind.Finish);

    public int Starts => _events.Count(e => e.Kind == ChatEventKind.Start);

    public string? Model => _events.Find(e => e.Kind == ChatEventKind.Start).Name;

    public TokenUsage Usage => _events.FindLast(e => e.Kind == ChatEventKind.Usage).Usage;

    /// <summary>Whether it ended with the wire's one terminal event and nothing was wrong before.</summary>
    public bool IsWhole => Finishes == 1 && _verdicts.TrueForAll(v => v is TapVerdict.Content or TapVerdict.Preamble or TapVerdict.Terminal)
        && _verdicts.FindAll(v => v == TapVerdict.Terminal).Count <= 1;

    /// <summary>Whether it has the wire's own error.</summary>
    public bool HasError => _verdicts.Contains(TapVerdict.Error);

    /// <summary>The text of a reply that is one JSON list.</summary>
    public static string TextOfList(byte[] list)
    {
        using var json = JsonDocument.Parse(list);
        var text = new StringBuilder();
        foreach (var element in json.RootElement.EnumerateArray())
        {
            foreach (var candidate in element.GetProperty("candidates").EnumerateArray())
            {
                if (!candidate.TryGetProperty("content", out var content) || !content.TryGetProperty("parts", out var parts))
                    continue;
                foreach (var part in parts.EnumerateArray())
                    text.Append(part.GetProperty("text").GetString());
            }
        }

        return text.ToString();
    }

    private string Join(ChatEventKind kind) => string.Concat(_events.Where(e => e.Kind == kind).Select(e => e.Text));
}
