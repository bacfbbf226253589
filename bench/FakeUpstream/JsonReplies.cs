using System.Text;

namespace FakeUpstream;

/// <summary>The JSON replies, rendered once.</summary>
internal static class JsonReplies
{
    private const string Sentence = "The quick brown fox jumps over the lazy dog, and \\\"the dog\\\" doesn't mind.\\n";

    /// <summary>1,024 bytes.</summary>
    public static readonly byte[] Small = Render(1024);

    /// <summary>65,536 bytes.</summary>
    public static readonly byte[] Large = Render(65_536);

    private static byte[] Render(int bytes)
    {
        const string Before =
            """{"id":"chatcmpl-BenchmarkReply0000000000000001","object":"chat.completion","created":1750000000,"model":"bench-model-2026-01-01","choices":[{"index":0,"message":{"role":"assistant","content":" """;
        const string After =
            """ ","refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":250,"completion_tokens":120,"total_tokens":370,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}},"service_tier":"default","system_fingerprint":"fp_0123456789"}""";
        var body = new StringBuilder(Before, bytes);
        while (body.Length + Sentence.Length + After.Length <= bytes)
            body.Append(Sentence);
        body.Append('.', bytes - body.Length - After.Length).Append(After);
        return Encoding.UTF8.GetBytes(body.ToString());
    }
}
