namespace FaultUpstream.Wires;

/// <summary>Anthropic Messages.</summary>
internal sealed class MessagesWire : AnswerWire
{
    public static MessagesWire Instance { get; } = new();

    public override string Terminator => Event("message_stop", "");

    public override string Whole(Answer answer) =>
        $$$"""{"id":"msg_1","type":"message","role":"assistant","model":{{{Quote(answer.Model)}}},"content":[{"type":"text","text":{{{Quote(answer.Text)}}}}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":{{{Answer.InputTokens}}},"output_tokens":{{{answer.OutputTokens}}}}}""";

    public override string[] Opening(Answer answer) =>
    [
        Event("message_start", $$$""","message":{"id":"msg_1","type":"message","role":"assistant","model":{{{Quote(answer.Model)}}},"content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":{{{Answer.InputTokens}}},"output_tokens":1}}"""),
        Event("content_block_start", ""","index":0,"content_block":{"type":"text","text":""}"""),
    ];

    public override string Word(Answer answer, string word) =>
        Event("content_block_delta", $$""","index":0,"delta":{"type":"text_delta","text":{{Quote(word)}}}""");

    public override string[] Finish(Answer answer) =>
    [
        Event("content_block_stop", ""","index":0"""),
        Event("message_delta", $$""","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":{{answer.OutputTokens}}}"""),
    ];

    public override string[] Usage(Answer answer) => [];

    public override string Error(string type, string? code, string message, string? param) =>
        $$$"""{"type":"error","error":{"type":{{{Quote(type)}}},"message":{{{Quote(message)}}}}}""";

    public override string ErrorEvent(string type, string? code, string message) => $"event: error\ndata: {Error(type, code, message, null)}\n\n";

    private static string Event(string type, string members) => $"event: {type}\ndata: {{\"type\":\"{type}\"{members}}}\n\n";
}
