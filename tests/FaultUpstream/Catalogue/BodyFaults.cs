using System.Text;

namespace FaultUpstream.Catalogue;

/// <summary>A whole answer that is not one.</summary>
internal static class BodyFaults
{
    public static IReadOnlyList<Fault> All { get; } =
    [
        Body("empty", "200 without a body", exchange => exchange.JsonAsync(200, "")),
        Body("empty-object", "200 with `{}`", exchange => exchange.JsonAsync(200, "{}")),
        Body("half-json", "half of the JSON as if it were all", exchange => exchange.JsonAsync(200, Half(exchange))),
        Body("error-in-200", "200 with an error", exchange => exchange.JsonAsync(200, exchange.Wire.Error("server_error", null, "The server had an error.", null))),
        Body("short-body", "closed after half of the promised length", async exchange =>
        {
            await exchange.Port.HeadAsync(200, exchange.Wire.Whole(exchange.Answer).Length, ("Content-Type", "application/json"));
            await exchange.Port.BodyAsync(Encoding.UTF8.GetBytes(Half(exchange)));
            await exchange.Port.HalfCloseAsync();
        }),
        Body("stalled-body", "silent after half of the promised length", async exchange =>
        {
            await exchange.Port.HeadAsync(200, exchange.Wire.Whole(exchange.Answer).Length, ("Content-Type", "application/json"));
            await exchange.Port.BodyAsync(Encoding.UTF8.GetBytes(Half(exchange)));
            await exchange.HangAsync();
        }, FaultTrait.Silent),
        Body("not-utf8-body", "an answer that is not UTF-8", async exchange =>
        {
            var text = exchange.Wire.Whole(exchange.Answer).Replace(exchange.Answer.Words[1], "\u00ff\u00fe", StringComparison.Ordinal);
            await exchange.Port.HeadAsync(200, text.Length, ("Content-Type", "application/json"));
            await exchange.Port.BodyAsync(Encoding.Latin1.GetBytes(text));
        }),
        Body("no-usage-body", "an answer without usage", exchange =>
        {
            var text = exchange.Wire.Whole(exchange.Answer);
            return exchange.JsonAsync(200, text[..text.IndexOf(",\"usage\"", StringComparison.Ordinal)] + "}");
        }, FaultTrait.Harmless | FaultTrait.Uncounted),
    ];

    private static string Half(Exchange exchange) => exchange.Wire.Whole(exchange.Answer) is var whole ? whole[..(whole.Length / 2)] : "";

    private static Fault Body(string name, string what, Func<Exchange, Task> act, FaultTrait traits = FaultTrait.None) => new(name, what, act) { Forms = FaultForms.Whole, Traits = traits };
}
