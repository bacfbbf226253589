using Gateway.Dialects.OpenAi;

namespace Gateway.Dialects.OpenAiMedia;

/// <summary>OpenAI's images. Streams carry partial images and end each image with an event of its own.</summary>
internal sealed class OpenAiImageDialect(bool takesMultipart) : OpenAiDialect, IDialect
{
    public bool TakesMultipart => takesMultipart;

    protected override bool UsesStreamOptions => false;

    public override bool TryReadReply(ReadOnlySpan<byte> body, ReplyFacts facts) => ChoicesReplyReader.TryRead(body, "data"u8, facts);

    public override DialectStreamTap CreateStreamTap(ReplyFacts facts, RequestFacts request) => new MediaStreamTap(facts, request.Choices);
}
