using System.Text;

namespace FakeUpstream;

/// <summary>The events of a stream, rendered once. Content event <c>i</c> says <c> t{i}</c>, so that a client can tell a lost or reordered one.</summary>
internal static class StreamEvents
{
    /// <summary>The most content events a stream can have.</summary>
    public const int Most = 1024;

    private const string Head =
        """{"id":"chatcmpl-BenchmarkReply0000000000000001","object":"chat.completion.chunk","created":1750000000,"model":"bench-model-2026-01-01","service_tier":"default","system_fingerprint":"fp_0123456789",""";

    public static readonly byte[] Role = Event("""
        "choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}],"usage":null}
        """);

    public static readonly byte[][] Content = [.. Enumerable.Range(0, Most).Select(i => Event(
        $$"""
        "choices":[{"index":0,"delta":{"content":" t{{i}}"},"logprobs":null,"finish_reason":null}],"usage":null}
        """))];

    public static readonly byte[] Finish = Event("""
        "choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}],"usage":null}
        """);

    public static readonly byte[] Done = "data: [DONE]\n\n"u8.ToArray();

    private static readonly byte[][] Usages = [.. Enumerable.Range(0, Most + 1).Select(i => Event(
        $$$$"""
        "choices":[],"usage":{"prompt_tokens":250,"completion_tokens":{{{{i}}}},"total_tokens":{{{{250 + i}}}},"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}}
        """))];

    /// <summary>The usage of a stream of some content events, 0 to <see cref="Most"/>.</summary>
    public static byte[] Usage(int events) => Usages[events];

    private static byte[] Event(string tail) => Encoding.UTF8.GetBytes("data: " + Head + tail + "\n\n");
}
