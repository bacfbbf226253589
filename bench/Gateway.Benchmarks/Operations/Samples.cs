using System.Text;

namespace Gateway.Benchmarks.Operations;

/// <summary>Bodies of the sizes that the load benchmark uses too.</summary>
internal static class Samples
{
    /// <summary>A chat request of about <paramref name="bytes"/> bytes.</summary>
    public static byte[] Request(int bytes, bool stream = false) => Encoding.UTF8.GetBytes(
        $$"""{"model":"bench/model-1","stream":{{(stream ? "true" : "false")}},"temperature":0.7,"messages":[{"role":"system","content":"You are brief."},{"role":"user","content":"{{new string('x', Math.Max(1, bytes - 160))}}"}]}""");

    /// <summary>A whole chat reply of about <paramref name="bytes"/> bytes.</summary>
    public static byte[] Reply(int bytes) => Encoding.UTF8.GetBytes(
        $$$$"""{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"model-1","choices":[{"index":0,"message":{"role":"assistant","content":"{{{{new string('y', Math.Max(1, bytes - 300))}}}}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":20,"completion_tokens":200,"total_tokens":220,"prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":0}}}""");

    /// <summary>A chat stream: a role event, content events, finish, usage and <c>[DONE]</c>.</summary>
    public static byte[] Stream(int contentEvents)
    {
        var text = new StringBuilder();
        Event("""{"delta":{"role":"assistant","content":""},"index":0,"finish_reason":null}""", "null");
        for (var i = 0; i < contentEvents; i++)
            Event($$"""{"delta":{"content":" token{{i}}"},"index":0,"finish_reason":null}""", "null");
        Event("""{"delta":{},"index":0,"finish_reason":"stop"}""", "null");
        Event("", """{"prompt_tokens":20,"completion_tokens":20,"total_tokens":40}""");
        return Encoding.UTF8.GetBytes(text.Append("data: [DONE]\n\n").ToString());

        void Event(string choice, string usage) => text.Append(
            $$"""data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"model-1","choices":[{{choice}}],"usage":{{usage}}}""").Append("\n\n");
    }
}
