using System.Text;

namespace FaultUpstream.Catalogue;

/// <summary>The provider takes its time.</summary>
internal static class SilenceFaults
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);

    public static IReadOnlyList<Fault> All { get; } =
    [
        new("silence", "nothing at all", exchange => exchange.HangAsync()) { Traits = FaultTrait.Silent },
        new("headers-silence", "a head, then nothing", async exchange =>
        {
            await (exchange.Request.IsStream ? exchange.StreamAsync() : exchange.Port.HeadAsync(200, 500, ("Content-Type", "application/json")));
            await exchange.HangAsync();
        }) { Traits = FaultTrait.Silent },
        new("role-silence", "a head and the role, then nothing", async exchange =>
        {
            await exchange.StreamAsync();
            await exchange.SendAsync(exchange.Wire.Opening(exchange.Answer));
            await exchange.HangAsync();
        }) { Forms = FaultForms.Streamed, Traits = FaultTrait.Silent },
        new("comments", "comments without end, and no content", async exchange =>
        {
            await exchange.StreamAsync();
            while (true)
            {
                await exchange.SendAsync(": processing\n\n");
                await exchange.PauseAsync(Beat);
            }
        }) { Forms = FaultForms.Streamed, Traits = FaultTrait.Silent },
        new("slow", "a head at once, everything else after 2.5 s", async exchange =>
        {
            await exchange.StreamAsync();
            await exchange.PauseAsync(exchange.Options.Slow);
            await exchange.SendAsync(exchange.Wire.Opening(exchange.Answer));
            await exchange.WordsAsync(0, exchange.Answer.Words.Length);
            await exchange.CloseAsync();
        }) { Forms = FaultForms.Streamed, Traits = FaultTrait.Silent },
        new("slow-answer", "the whole answer after 2.5 s", async exchange =>
        {
            await exchange.PauseAsync(exchange.Options.Slow);
            await exchange.AnswerAsync();
        }) { Forms = FaultForms.Whole, Traits = FaultTrait.Harmless },
        Trickle(FaultForms.Streamed, "trickle", FaultTrait.Silent),
        Trickle(FaultForms.Whole, "trickle-whole", FaultTrait.Silent | FaultTrait.Endless),
    ];

    private static Fault Trickle(FaultForms form, string name, FaultTrait traits) => new(name, "one byte of the answer each second", async exchange =>
    {
        var answer = exchange.Request.IsStream ? exchange.Wire.Opening(exchange.Answer)[0] : exchange.Wire.Whole(exchange.Answer);
        await exchange.Port.HeadAsync(200, null, ("Content-Type", exchange.Request.IsStream ? "text/event-stream" : "application/json"));
        foreach (var letter in Encoding.UTF8.GetBytes(answer))
        {
            await exchange.Port.BodyAsync((byte[])[letter]);
            await exchange.PauseAsync(exchange.Options.Trickle);
        }
    }) { Forms = form, Traits = traits };
}
