namespace FaultUpstream.Catalogue;

/// <summary>The provider says that it failed.</summary>
internal static class StatusFaults
{
    public static IReadOnlyList<Fault> All { get; } =
    [
        Status("error-once", "500, then well", 500, "The server had an error.", times: 1),
        Status("error-twice", "500 twice, then well", 500, "The server had an error.", times: 2),
        Status("error", "500", 500, "The server had an error."),
        Status("bad-gateway", "502", 502, "Bad gateway."),
        Status("unavailable", "503", 503, "The engine is overloaded."),
        new("overloaded", "529 `overloaded_error`", exchange => exchange.ErrorAsync(529, "overloaded_error", null, "Overloaded")),
        Status("timeout-once", "408, then well", 408, "Request timed out.", times: 1),
        Status("timeout", "408", 408, "Request timed out."),
        Status("gateway-timeout", "504", 504, "Upstream timed out."),
        new("error-page", "502 with a page instead of JSON", exchange => exchange.WholeAsync(502, "text/html", "<html><body>Bad gateway</body></html>")),
    ];

    private static Fault Status(string name, string what, int status, string message, int times = int.MaxValue) =>
        new(name, what, exchange => exchange.ErrorAsync(status, "server_error", null, message)) { Times = times };
}
