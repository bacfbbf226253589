using System.Globalization;

namespace FaultUpstream.Catalogue;

/// <summary>The provider wants fewer requests.</summary>
internal static class LimitFaults
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(2);

    public static IReadOnlyList<Fault> All { get; } =
    [
        new("limited-seconds", "429 with `Retry-After: 2`", exchange => exchange.RefuseAsync(Wait)),
        new("limited-date", "429 with `Retry-After` as an HTTP date 2 to 3 s ahead", exchange => exchange.RefuseAsync(Ahead(exchange), ("Retry-After", Date(exchange)))),
        new("limited-ms", "429 with `retry-after-ms: 600`", exchange => exchange.RefuseAsync(TimeSpan.FromMilliseconds(600), ("retry-after-ms", "600"))),
        new("limited-silently", "429 that does not say for how long", exchange => exchange.RefuseAsync(TimeSpan.Zero, [])),
        new("limited-long", "429 with `Retry-After: 60`", exchange => exchange.RefuseAsync(TimeSpan.FromSeconds(60))),
        new("limited-once", "429 with `Retry-After: 1`, then well", exchange => exchange.RefuseAsync(TimeSpan.FromSeconds(1))) { Times = 1 },
        new("limited-burst", "429 with `Retry-After: 1` three times, then well", exchange => exchange.RefuseAsync(TimeSpan.FromSeconds(1))) { Times = 3 },
        new("overloaded-waits", "503 with `Retry-After: 2`", exchange =>
        {
            exchange.Forbid(Wait);
            return exchange.ErrorAsync(503, "server_error", null, "The engine is overloaded.", null, ("Retry-After", "2"));
        }),
    ];

    // Dates know whole seconds only.
    private static DateTimeOffset Whole(Exchange exchange) => DateTimeOffset.FromUnixTimeSeconds(exchange.Options.Time.GetUtcNow().ToUnixTimeSeconds() + 3);

    private static string Date(Exchange exchange) => Whole(exchange).ToString("R", CultureInfo.InvariantCulture);

    private static TimeSpan Ahead(Exchange exchange) => Whole(exchange) - exchange.Options.Time.GetUtcNow();
}
