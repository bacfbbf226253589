using System.Text;

namespace FaultUpstream.Catalogue;

/// <summary>A stream begins, and goes wrong.</summary>
internal static class StreamFaults
{
    private const FaultTrait None = FaultTrait.None;

    public static IReadOnlyList<Fault> All { get; } =
    [
        Stream("error-event", "200, then an error event first", None, async exchange =>
        {
            await exchange.StreamAsync();
            await exchange.SendAsync(exchange.Wire.ErrorEvent("server_error", null, "The server had an error."));
            await exchange.Port.EndAsync();
        }),
        Stream("error-after-role", "an error event after the role", None, async exchange =>
        {
            await exchange.StreamAsync();
            await exchange.SendAsync([.. exchange.Wire.Opening(exchange.Answer), exchange.Wire.ErrorEvent("server_error", null, "The server had an error.")]);
            await exchange.Port.EndAsync();
        }),
        Stream("overloaded-event", "200, then an `overloaded_error` event first", None, async exchange =>
        {
            await exchange.StreamAsync();
            await exchange.SendAsync(exchange.Wire.ErrorEvent("overloaded_error", null, "Overloaded"));
            await exchange.Port.EndAsync();
        }),
        Stream("filter-event", "200, then a `content_filter` event first", FaultTrait.Final, async exchange =>
        {
            await exchange.StreamAsync();
            await exchange.SendAsync(exchange.Wire.ErrorEvent("invalid_request_error", "content_filter", "The response was filtered."));
            await exchange.Port.EndAsync();
        }),
        Stream("cut-after-role", "closed after the role", None, async exchange =>
        {
            await exchange.StreamAsync();
            await exchange.SendAsync(exchange.Wire.Opening(exchange.Answer));
            await exchange.Port.HalfCloseAsync();
        }),
        Stream("empty-stream", "a stream that ends at once", None, async exchange =>
        {
            await exchange.StreamAsync();
            await exchange.Port.EndAsync();
        }),
        Broken("error-midway", "an error event in the middle", async exchange =>
        {
            await exchange.SendAsync(exchange.Wire.ErrorEvent("server_error", null, "The server had an error."));
            await exchange.Port.EndAsync();
        }),
        Broken("cut", "closed in the middle", exchange => exchange.Port.HalfCloseAsync()),
        Broken("cut-event", "closed in the middle of an event", async exchange =>
        {
            var next = exchange.Wire.Word(exchange.Answer, exchange.Answer.Words[^1]);
            await exchange.SendAsync(next[..(next.Length / 2)]);
            await exchange.Port.HalfCloseAsync();
        }),
        Broken("cut-reset", "reset in the middle", exchange =>
        {
            exchange.Port.Reset();
            return Task.CompletedTask;
        }),
        Broken("ends-early", "a proper end of the body in the middle of the answer", exchange => exchange.Port.EndAsync()),
        Broken("stall", "silent in the middle", exchange => exchange.HangAsync()),
        Broken("trickle-midway", "one byte each second from the middle on", async exchange =>
        {
            foreach (var letter in Encoding.UTF8.GetBytes(exchange.Wire.Word(exchange.Answer, exchange.Answer.Words[^1])))
            {
                await exchange.Port.BodyAsync((byte[])[letter]);
                await exchange.PauseAsync(exchange.Options.Trickle);
            }
        }),
        Broken("malformed", "an event that is not JSON in the middle", async exchange =>
        {
            await exchange.SendAsync("data: {\"choices\":[{\"delta\":\n\n");
            await exchange.OtherHalfAsync();
        }),
        Broken("not-utf8", "an event that is not UTF-8 in the middle", async exchange =>
        {
            var letters = Encoding.Latin1.GetBytes(exchange.Wire.Word(exchange.Answer, "\u00ff\u00fe").Replace("\\u00FF\\u00FE", "\u00ff\u00fe", StringComparison.Ordinal));
            await exchange.Port.BodyAsync(letters);
            await exchange.OtherHalfAsync();
        }),
        Broken("giant-event", "an event of 256 KB in the middle, where 64 KB are taken in", async exchange =>
        {
            await exchange.SendAsync(exchange.Wire.Word(exchange.Answer, new string('x', 256 * 1024)));
            await exchange.OtherHalfAsync();
        }),
        Stream("no-terminator", "finish reason and usage, then closed without the terminator", FaultTrait.Harmless, async exchange =>
        {
            await exchange.HalfAsync();
            await exchange.WordsAsync(exchange.Answer.Words.Length / 2, exchange.Answer.Words.Length);
            await exchange.SendAsync([.. exchange.Wire.Finish(exchange.Answer), .. exchange.Wire.Usage(exchange.Answer)]);
            await exchange.Port.EndAsync();
        }),
        Stream("no-close", "finish reason and usage, then silent without the terminator", FaultTrait.Harmless, async exchange =>
        {
            await exchange.HalfAsync();
            await exchange.WordsAsync(exchange.Answer.Words.Length / 2, exchange.Answer.Words.Length);
            await exchange.SendAsync([.. exchange.Wire.Finish(exchange.Answer), .. exchange.Wire.Usage(exchange.Answer)]);
            await exchange.HangAsync();
        }),
        Stream("no-usage", "no usage", FaultTrait.Harmless | FaultTrait.Uncounted, async exchange =>
        {
            await exchange.HalfAsync();
            await exchange.WordsAsync(exchange.Answer.Words.Length / 2, exchange.Answer.Words.Length);
            await exchange.SendAsync([.. exchange.Wire.Finish(exchange.Answer), exchange.Wire.Terminator]);
            await exchange.Port.EndAsync();
        }),
        Stream("duplicates", "role, finish reason, usage and terminator twice", FaultTrait.Harmless, async exchange =>
        {
            var (wire, answer) = (exchange.Wire, exchange.Answer);
            await exchange.StreamAsync();
            await exchange.SendAsync([.. wire.Opening(answer), .. wire.Opening(answer)]);
            await exchange.WordsAsync(0, answer.Words.Length);
            await exchange.SendAsync([.. wire.Finish(answer), .. wire.Finish(answer), .. wire.Usage(answer), .. wire.Usage(answer), wire.Terminator, wire.Terminator]);
            await exchange.Port.EndAsync();
        }),
    ];

    private static Fault Stream(string name, string what, FaultTrait traits, Func<Exchange, Task> act) => new(name, what, act) { Forms = FaultForms.Streamed, Traits = traits };

    private static Fault Broken(string name, string what, Func<Exchange, Task> after) => Stream(name, what, FaultTrait.Breaks, async exchange =>
    {
        await exchange.HalfAsync();
        await after(exchange);
    });
}
