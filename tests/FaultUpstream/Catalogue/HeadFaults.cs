using System.Text;

namespace FaultUpstream.Catalogue;

/// <summary>The head of the answer is wrong.</summary>
internal static class HeadFaults
{
    private static readonly byte[] Garbage = "SSH-2.0-OpenSSH_9.6\r\n"u8.ToArray();

    public static IReadOnlyList<Fault> All { get; } =
    [
        new("garbage", "bytes that are not HTTP", async exchange =>
        {
            await exchange.Port.RawAsync(Garbage);
            await exchange.Port.HalfCloseAsync();
        }),
        new("giant-header", "a header of 128 KB", async exchange =>
        {
            await exchange.Port.HeadAsync(200, 0, ("X-Padding", new string('x', 128 * 1024)));
            exchange.Port.KeepsAlive = false;
        }),
        new("slow-headers", "a head of which a byte comes every 100 ms", async exchange =>
        {
            foreach (var character in "HTTP/1.1 200 OK\r\nX-Padding: " + new string('x', 1_000))
            {
                await exchange.Port.RawAsync(Encoding.ASCII.GetBytes([character]));
                await exchange.PauseAsync(TimeSpan.FromMilliseconds(100));
            }
        }) { Traits = FaultTrait.Silent },
        new("redirect", "307 to another address", exchange => exchange.WholeAsync(307, "text/plain", "", ("Location", "http://127.0.0.1:9/v1/chat/completions"))),
        new("gzip", "a body compressed unasked", exchange => exchange.WholeAsync(200, exchange.Request.IsStream ? "text/event-stream" : "application/json", "\u001f\u008b\b", ("Content-Encoding", "gzip"))),
        new("page", "200 with a page", exchange => exchange.WholeAsync(200, "text/html", "<html><body>Maintenance</body></html>")),
        new("odd-type", "the right events as `text/plain`", async exchange =>
        {
            await exchange.StreamAsync("text/plain");
            await exchange.SendAsync(exchange.Wire.Opening(exchange.Answer));
            await exchange.WordsAsync(0, exchange.Answer.Words.Length);
            await exchange.CloseAsync();
        }) { Forms = FaultForms.Streamed, Traits = FaultTrait.Harmless },
        new("json-not-events", "a whole JSON answer where a stream was asked for", exchange => exchange.JsonAsync(200, exchange.Wire.Whole(exchange.Answer))) { Forms = FaultForms.Streamed },
        new("events-not-json", "a stream where a whole answer was asked for", async exchange =>
        {
            await exchange.HalfAsync();
            await exchange.OtherHalfAsync();
        }) { Forms = FaultForms.Whole },
    ];
}
