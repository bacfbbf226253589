using Gateway.Dialects.OpenAi;
using Gateway.Errors;

namespace Gateway.Dialects.OpenAiMedia;

/// <summary>OpenAI's moderation. There is no stream. The model must be named: no provider is everybody's default.</summary>
internal sealed class OpenAiModerationDialect : OpenAiDialect
{
    private static readonly string[] Required = ["results"];
    private static readonly string[] Wanted = ["id", "model", "usage"];

    protected override bool UsesStreamOptions => false;

    public override GatewayError? ReadRequest(ReadOnlySpan<byte> body, RequestFacts facts)
    {
        var error = base.ReadRequest(body, facts);
        return error is null && facts.Stream
            ? new GatewayError(ErrorKinds.InvalidParameter, "Moderations cannot be streamed.") { Param = "stream" }
            : error;
    }

    public override bool TryReadReply(ReadOnlySpan<byte> body, ReplyFacts facts) => ReplyScan.TryRead(body, Required, Wanted, (name, value) =>
    {
        switch (name)
        {
            case 0:
                facts.Id = value.Text();
                break;
            case 1:
                facts.Model = value.Text();
                break;
            default:
                facts.Usage = OpenAiUsage.Read(value);
                break;
        }
    });

    public override DialectStreamTap CreateStreamTap(ReplyFacts facts, RequestFacts request) =>
        throw new NotSupportedException("Moderations have no stream: ReadRequest refuses one.");
}
