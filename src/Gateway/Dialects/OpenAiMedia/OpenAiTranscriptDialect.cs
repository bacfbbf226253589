using System.Globalization;
using System.Text.Json;
using Gateway.Dialects.OpenAi;

namespace Gateway.Dialects.OpenAiMedia;

/// <summary>OpenAI's transcriptions and translations: multipart in; JSON, text of several formats, or events out.</summary>
internal sealed class OpenAiTranscriptDialect : OpenAiDialect, IDialect
{
    private static readonly string[] Required = ["text"];
    private static readonly string[] Wanted = ["usage", "duration"];

    public bool TakesMultipart => true;

    protected override bool UsesStreamOptions => false;

    public override bool TryReadReply(ReadOnlySpan<byte> body, ReplyFacts facts) => ReplyScan.TryRead(body, Required, Wanted, (name, value) =>
    {
        if (name == 0)
            (facts.Usage, facts.AudioSeconds) = (OpenAiUsage.Read(value), Seconds(value.Get("seconds"u8)) ?? facts.AudioSeconds);
        else
            facts.AudioSeconds ??= Seconds(value);
    });

    public override DialectStreamTap CreateStreamTap(ReplyFacts facts, RequestFacts request) => new MediaStreamTap(facts, replies: 1);

    // Some write the number as a string.
    private static double? Seconds(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetDouble(out var number) && number >= 0 => number,
        JsonValueKind.String when double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= 0 => number,
        _ => null,
    };
}
