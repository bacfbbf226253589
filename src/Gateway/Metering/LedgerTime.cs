namespace Gateway.Metering;

/// <summary>Times as the ledger keeps them: whole microseconds, UTC.</summary>
internal static class LedgerTime
{
    /// <summary>An hour.</summary>
    public const long MicrosPerHour = 3_600_000_000;

    /// <summary>Microseconds since 1970-01-01T00:00:00Z, fractions cut off.</summary>
    public static long ToMicros(DateTimeOffset time) =>
        (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>The first whole microsecond that is not before this moment; bounds of a query.</summary>
    public static long ToMicrosCeiling(DateTimeOffset time)
    {
        var micros = ToMicros(time);
        return FromMicros(micros) < time ? micros + 1 : micros;
    }

    /// <summary>The moment so many microseconds after 1970.</summary>
    public static DateTimeOffset FromMicros(long micros) =>
        new(DateTimeOffset.UnixEpoch.Ticks + (micros * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    /// <summary>ISO 8601 with microseconds and Z.</summary>
    public static string Format(long micros) =>
        FromMicros(micros).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
