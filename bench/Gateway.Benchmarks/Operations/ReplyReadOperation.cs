using Gateway.Dialects;
using Gateway.Dialects.OpenAiChat;

namespace Gateway.Benchmarks.Operations;

/// <summary>What happens to a whole reply: read usage, model and finish reason, and see that it is whole.</summary>
internal sealed class ReplyReadOperation(int bytes)
{
    private readonly byte[] _reply = Samples.Reply(bytes);
    private readonly OpenAiChatDialect _dialect = new();

    /// <summary>Reads it once.</summary>
    public bool Run() => _dialect.TryReadReply(_reply, new ReplyFacts());
}
