using System.Text;

namespace FakeUpstream;

/// <summary>The events of an Anthropic stream that says what <see cref="StreamEvents"/> says, for the gateway's translate lane.</summary>
internal static class MessageEvents
{
    /// <summary>What comes before the first content event.</summary>
    public static readonly byte[] Start =
    [
        .. Event("message_start", """ "message":{"id":"msg_BenchmarkReply000000001","type":"message","role":"assistant","model":"bench-model-2026-01-01","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":250,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":1}} """),
        .. Event("content_block_start", """ "index":0,"content_block":{"type":"text","text":""} """),
    ];

    public static readonly byte[][] Content = [.. Enumerable.Range(0, StreamEvents.Most).Select(i => Event(
        "content_block_delta", $$$""" "index":0,"delta":{"type":"text_delta","text":" t{{{i}}}"} """))];

    /// <summary>What comes after the last content event.</summary>
    public static readonly byte[] End =
    [
        .. Event("content_block_stop", """ "index":0 """),
        .. Event("message_delta", """ "delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":20} """),
        .. Encoding.UTF8.GetBytes("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"),
    ];

    private static byte[] Event(string type, string members) =>
        Encoding.UTF8.GetBytes($"event: {type}\ndata: {{\"type\":\"{type}\",{members.Trim()}}}\n\n");
}
