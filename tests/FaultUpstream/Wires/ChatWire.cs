namespace FaultUpstream.Wires;

/// <summary>OpenAI Chat Completions.</summary>
internal sealed class ChatWire : AnswerWire
{
    public static ChatWire Instance { get; } = new();

    public override string Terminator => "data: [DONE]\n\n";

    public override string Whole(Answer answer) =>
        $$"""{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":{{Quote(answer.Model)}},"choices":[{"index":0,"message":{"role":"assistant","content":{{Quote(answer.Text)}},"refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{{Tokens(answer)}}}""";

    public override string[] Opening(Answer answer) => [Chunk(answer, """{"role":"assistant","content":""}""")];

    public override string Word(Answer answer, string word) => Chunk(answer, $$"""{"content":{{Quote(word)}}}""");

    public override string[] Finish(Answer answer) => [Chunk(answer, "{}", "\"stop\"")];

    public override string[] Usage(Answer answer) => [$"data: {Head(answer)}\"choices\":[],\"usage\":{Tokens(answer)}}}\n\n"];

    public override string Error(string type, string? code, string message, string? param) =>
        $$$"""{"error":{"message":{{{Quote(message)}}},"type":{{{Quote(type)}}},"param":{{{Quote(param)}}},"code":{{{Quote(code)}}}}}""";

    public override string ErrorEvent(string type, string? code, string message) => $"data: {Error(type, code, message, null)}\n\n";

    private static string Chunk(Answer answer, string delta, string finish = "null") =>
        $"data: {Head(answer)}\"choices\":[{{\"index\":0,\"delta\":{delta},\"finish_reason\":{finish}}}]}}\n\n";

    private static string Head(Answer answer) => $$"""{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":{{Quote(answer.Model)}},""";

    private static string Tokens(Answer answer) =>
        $$"""{"prompt_tokens":{{Answer.InputTokens}},"completion_tokens":{{answer.OutputTokens}},"total_tokens":{{Answer.InputTokens + answer.OutputTokens}}}""";
}
