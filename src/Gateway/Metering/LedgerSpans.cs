namespace Gateway.Metering;

/// <summary>
/// Where to look for entries. Ids fall into spans of equal length, and <c>ledger_spans</c> has for each that has entries between which times they lie: neighbours in the
/// store are neighbours in time, nearly, so that few spans hold what is asked for. <c>ledger_span_keys</c> has the keys of each. A block's entries are of one span.
/// </summary>
internal static class LedgerSpans
{
    /// <summary>A span has 1,024 ids: long enough to cost nothing when it is written, short enough to be looked through in less than a millisecond.</summary>
    public const int Bits = 10;

    /// <summary>SQL: blocks by way of their spans, those first. To be followed by what the spans must be like.</summary>
    public static string Blocks { get; } =
        $"ledger_spans CROSS JOIN ledger_blocks ON ledger_blocks.id BETWEEN (ledger_spans.span << {Bits}) AND (ledger_spans.span << {Bits} | {(1 << Bits) - 1})";

    /// <summary>SQL: the number of a span's replica.</summary>
    public static string Replica { get; } = $"(ledger_spans.span >> {LedgerIds.SequenceBits - Bits})";

    /// <summary>SQL: that a span has entries of the key that is a parameter.</summary>
    public static string HasKey(string parameter) =>
        $"EXISTS (SELECT 1 FROM ledger_span_keys WHERE ledger_span_keys.span = ledger_spans.span AND ledger_span_keys.key_id = {parameter})";

    /// <summary>The span of an entry.</summary>
    public static long Of(long id) => id >> Bits;
}
