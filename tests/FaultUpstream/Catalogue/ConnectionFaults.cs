namespace FaultUpstream.Catalogue;

/// <summary>There is no connection, or it breaks before anything was said.</summary>
internal static class ConnectionFaults
{
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("refused", "the connection is refused", null) { Place = FaultPlace.Refused },
        new("unresolved", "the name cannot be resolved", null) { Place = FaultPlace.Unresolved },
        new("untrusted", "the certificate is not trusted", null) { Place = FaultPlace.Untrusted },
        new("reset-once", "the connection is reset before the first byte, then well", Reset) { Times = 1 },
        new("reset", "the connection is reset before the first byte", Reset),
        new("half-close", "the request is read, and the connection closed from its side without an answer", exchange => exchange.Port.HalfCloseAsync()),
        new("go-away-once", "HTTP/2: `GOAWAY` instead of an answer, then well", exchange => exchange.Port.GoAwayAsync(took: false)) { Place = FaultPlace.Http2, Times = 1 },
        new("go-away", "HTTP/2: `GOAWAY` instead of an answer", exchange => exchange.Port.GoAwayAsync(took: true)) { Place = FaultPlace.Http2 },
        new("go-away-midway", "HTTP/2: `GOAWAY` in the middle of the answer, and the connection closed", async exchange =>
        {
            await exchange.HalfAsync();
            await exchange.PauseAsync(TimeSpan.FromMilliseconds(300)); // clients drop what they have not read of a connection that ends
            await exchange.Port.GoAwayAsync(took: true);
        }) { Place = FaultPlace.Http2, Forms = FaultForms.Streamed, Traits = FaultTrait.Breaks },
    ];

    private static Task Reset(Exchange exchange)
    {
        exchange.Port.Reset();
        return Task.CompletedTask;
    }
}
