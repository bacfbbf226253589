using Gateway.Dialects.OpenAi;

namespace Gateway.Dialects.OpenAiMedia;

/// <summary>OpenAI's speech: JSON in, audio or events out. A JSON document is no reply of it.</summary>
internal sealed class OpenAiSpeechDialect : OpenAiDialect
{
    protected override bool UsesStreamOptions => false;

    public override bool TryReadReply(ReadOnlySpan<byte> body, ReplyFacts facts) => false;

    public override DialectStreamTap CreateStreamTap(ReplyFacts facts, RequestFacts request) => new MediaStreamTap(facts, replies: 1);
}
