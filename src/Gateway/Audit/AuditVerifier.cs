using Gateway.State.Journal;

namespace Gateway.Audit;

/// <summary>Checks an exported log offline, to the byte, and says where the first thing is wrong.</summary>
internal sealed class AuditVerifier
{
    private readonly AuditLineReader _lines;
    private readonly AuditAnchors _anchors;
    private JournalRecord? _last;
    private int _agreeing;

    private AuditVerifier(AuditLineReader lines, AuditAnchors anchors) => (_lines, _anchors) = (lines, anchors);

    private long Expected => (_last?.Sequence ?? 0) + 1;

    /// <summary>Checks a log from its first record.</summary>
    /// <param name="log">The file, read once from its beginning.</param>
    /// <param name="anchors">Heads that were kept elsewhere. Without any, records cut off at the end and a log that was written anew cannot be told.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<AuditReport> VerifyAsync(Stream log, AuditAnchors anchors, CancellationToken cancellation = default)
    {
        await using var lines = new AuditLineReader(log);
        var verifier = new AuditVerifier(lines, anchors);
        var finding = await verifier.RunAsync(cancellation).ConfigureAwait(false);
        var last = verifier._last;
        return new AuditReport(last?.Sequence ?? 0, last is null ? null : AuditAnchor.Of(last), verifier._agreeing, finding);
    }

    private async Task<AuditFinding?> RunAsync(CancellationToken cancellation)
    {
        while (await _lines.ReadAsync(cancellation).ConfigureAwait(false) is { } line)
        {
            if (!line.Whole)
                return Edited($"line {_lines.Number}, where record {Expected} should be, is cut off");
            if (AuditLine.Parse(line.Bytes.Span) is not { } record)
                return Edited($"line {_lines.Number}, where record {Expected} should be, was edited: it is not a line of the log");
            if (!JournalSeal.IsIntact(record))
                return Edited($"line {_lines.Number}, where record {Expected} should be, was edited: its hash does not fit what it says");
            if (record.Sequence < Expected)
                return Finding(AuditFault.Repeated, record.Sequence, record.Sequence, $"line {_lines.Number} has record {record.Sequence} once more");
            if (record.Sequence > Expected)
                return await ExplainGapAsync(record.Sequence, cancellation).ConfigureAwait(false);
            if (!record.PreviousHash.AsSpan().SequenceEqual(_last?.Hash ?? JournalSeal.NoHash))
                return Edited($"line {_lines.Number}: record {record.Sequence} does not follow the record before it: one of the two was replaced");
            if (_anchors.Contradicts(record.Sequence, record.Hash))
                return Edited($"line {_lines.Number}: record {record.Sequence} is not the one that was anchored: it or records before it were replaced");
            _agreeing += _anchors.Has(record.Sequence) ? 1 : 0;
            _last = record;
        }

        return _anchors.Newest is { } newest && newest.Sequence >= Expected
            ? new AuditFinding(
                AuditFault.Missing, _lines.Number + 1, Expected, newest.Sequence,
                $"the end is missing: {Records(Expected, newest.Sequence)}, as the anchor of {JournalSeal.FormatTime(newest.Time)} says")
            : null;
    }

    /// <summary>Records are missing before the current line: are they further on, or nowhere?</summary>
    private async Task<AuditFinding> ExplainGapAsync(long found, CancellationToken cancellation)
    {
        var line = _lines.Number;
        var missingUpTo = found - 1;
        while (await _lines.ReadAsync(cancellation).ConfigureAwait(false) is { } next)
        {
            if (AuditLine.Parse(next.Bytes.Span) is not { } record || record.Sequence < Expected || record.Sequence > missingUpTo)
                continue;
            if (record.Sequence == Expected)
                return new AuditFinding(AuditFault.Misplaced, line, Expected, found, $"line {line} has record {found} where record {Expected} should be, which stands at line {_lines.Number}");
            missingUpTo = record.Sequence - 1;
        }

        return new AuditFinding(AuditFault.Missing, line, Expected, missingUpTo, $"line {line} has record {found} where record {Expected} should be; missing: {Records(Expected, missingUpTo)}");
    }

    private static string Records(long first, long last) => first == last ? $"record {first}" : $"records {first} to {last}";

    private AuditFinding Edited(string message) => Finding(AuditFault.Edited, Expected, Expected, message);

    private AuditFinding Finding(AuditFault fault, long first, long last, string message) => new(fault, _lines.Number, first, last, message);
}
