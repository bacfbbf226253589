using System.Buffers;
using System.Globalization;
using System.Text;

namespace Gateway.Metering;

/// <summary>Ledger entries as CSV (RFC 4180, UTF-8, CRLF). Text that a spreadsheet would take for a formula is led by an apostrophe.</summary>
internal static class LedgerCsv
{
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");
    private static readonly SearchValues<char> FormulaStarts = SearchValues.Create("=+-@\t\r\n");

    /// <summary>The line of column names.</summary>
    public static void WriteHeader(IBufferWriter<byte> output) =>
        WriteLine(output, string.Join(',', LedgerFields.All.Select(field => field.Name).Append("cost_usd")));

    /// <summary>One entry.</summary>
    public static void WriteRow(IBufferWriter<byte> output, LedgerEntry entry)
    {
        var line = new StringBuilder(512);
        foreach (var field in LedgerFields.All)
        {
            if (field.Text is { } text)
                AppendText(line, text(entry));
            else
                AppendNumber(line, field.Kind, field.Number!(entry));
            line.Append(',');
        }

        line.Append(NanoUsd.Format(entry.CostNanoUsd));
        WriteLine(output, line.ToString());
    }

    private static void AppendNumber(StringBuilder line, LedgerFieldKind kind, long? value)
    {
        if (value is not { } number)
            return;
        line.Append(kind switch
        {
            LedgerFieldKind.Flag => number != 0 ? "true" : "false",
            LedgerFieldKind.Time => LedgerTime.Format(number),
            _ => number.ToString(CultureInfo.InvariantCulture),
        });
    }

    private static void AppendText(StringBuilder line, string? text)
    {
        if (string.IsNullOrEmpty(text))
            return;

        // Model names and request ids come from clients: a spreadsheet must not run them.
        var guarded = FormulaStarts.Contains(text[0]) ? "'" + text : text;
        if (guarded.AsSpan().ContainsAny(Quoted))
            line.Append('"').Append(guarded.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        else
            line.Append(guarded);
    }

    private static void WriteLine(IBufferWriter<byte> output, string line)
    {
        Encoding.UTF8.GetBytes(line, output);
        output.Write("\r\n"u8);
    }
}
