namespace FakeUpstream;

/// <summary>What a stream consists of: bytes flushed one after the other.</summary>
/// <param name="Start">Before the content.</param>
/// <param name="Content">The content events.</param>
/// <param name="End">After as many content events as were asked for.</param>
internal sealed record StreamScript(byte[] Start, byte[][] Content, Func<int, byte[][]> End)
{
    /// <summary>OpenAI Chat Completions.</summary>
    public static readonly StreamScript Chat = new(StreamEvents.Role, StreamEvents.Content, events => [StreamEvents.Finish, StreamEvents.Usage(events), StreamEvents.Done]);

    /// <summary>Anthropic Messages.</summary>
    public static readonly StreamScript Messages = new(MessageEvents.Start, MessageEvents.Content, _ => [MessageEvents.End]);
}
