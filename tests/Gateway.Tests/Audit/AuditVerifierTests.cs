using System.Buffers;
using System.Text;
using Gateway.Audit;
using Gateway.State.Journal;
using Gateway.Tests.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Audit;

public sealed class AuditVerifierTests
{
    private static readonly DateTimeOffset Start = new(2026, 8, 1, 9, 12, 44, TimeSpan.Zero);

    [Fact]
    public async Task Verify_ExportOfAJournal_IsCleanWithItsHead()
    {
        var journal = new StateJournal(new MemoryStateStore(), "audit", new FakeTimeProvider(Start));
        JournalRecord? last = null;
        for (var n = 1; n <= 700; n++)
            last = await journal.TryAppendAsync(last, "team.put", Encoding.UTF8.GetBytes($$$"""{"actor":"ann","subject":"team/{{{n}}}","outcome":"ok","detail":{"näme":[1, 2]}}"""));
        using var file = new MemoryStream();
        Assert.Equal(700, await AuditExport.WriteAsync(journal, file));
        var report = await VerifyAsync(file.ToArray());
        Assert.Null(report.Finding);
        Assert.Equal(700, report.Records);
        Assert.Equal(last!.Hash, report.Head!.Hash);
    }

    [Fact]
    public async Task Verify_Empty_IsCleanWithoutAHead()
    {
        var report = await VerifyAsync([]);
        Assert.Equal((0, null, null), (report.Records, report.Head, report.Finding));
    }

    [Fact]
    public async Task Verify_AnyByteEdited_IsFoundInItsLine()
    {
        var file = Join(Lines(4));
        for (var at = 0; at < file.Length; at++)
        {
            var line = file.AsSpan(0, at).Count((byte)'\n') + 1;
            foreach (var with in Replacements(file[at]))
            {
                var edited = (byte[])file.Clone();
                edited[at] = with;
                var finding = (await VerifyAsync(edited)).Finding;
                Assert.True(finding is { Fault: AuditFault.Edited } && finding.Line == line && finding.First == line, $"byte {at} → {with}: {finding}");
            }
        }
    }

    [Fact]
    public async Task Verify_AnyByteRemovedOrInserted_IsFoundInItsLine()
    {
        var file = Join(Lines(3));
        for (var at = 0; at < file.Length; at++)
        {
            var line = file.AsSpan(0, at).Count((byte)'\n') + 1;
            foreach (var edited in (byte[][])[[.. file[..at], .. file[(at + 1)..]], [.. file[..at], (byte)' ', .. file[at..]]])
                Assert.Equal(line, (await VerifyAsync(edited)).Finding?.Line);
        }
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(1, 1)]
    [InlineData(2, 5)]
    public async Task Verify_RecordsRemoved_NamesThem(int first, int last)
    {
        var lines = Lines(9);
        lines.RemoveRange(first - 1, last - first + 1);
        var finding = (await VerifyAsync(Join(lines))).Finding!;
        Assert.Equal((AuditFault.Missing, (long)first, (long)first, (long)last), (finding.Fault, finding.Line, finding.First, finding.Last));
    }

    [Fact]
    public async Task Verify_RecordsSwapped_NamesTheFirstThatIsMisplaced()
    {
        var lines = Lines(9);
        (lines[3], lines[6]) = (lines[6], lines[3]);
        var finding = (await VerifyAsync(Join(lines))).Finding!;
        Assert.Equal((AuditFault.Misplaced, 4L, 4L), (finding.Fault, finding.Line, finding.First));
        Assert.Contains("line 7", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_RecordTwice_IsFound()
    {
        var lines = Lines(5);
        lines.Insert(3, lines[1]);
        var finding = (await VerifyAsync(Join(lines))).Finding!;
        Assert.Equal((AuditFault.Repeated, 4L, 2L), (finding.Fault, finding.Line, finding.First));
    }

    [Fact]
    public async Task Verify_RecordReplacedWithAHashThatFits_IsFoundAtTheNext()
    {
        var records = Records(5);
        var lines = records.Select(Line).ToList();
        lines[2] = Line(JournalSeal.Seal(3, Start, "key.rotate", "{\"actor\":\"eve\"}"u8.ToArray(), records[1].Hash));
        var finding = (await VerifyAsync(Join(lines))).Finding!;
        Assert.Equal((AuditFault.Edited, 4L), (finding.Fault, finding.Line));
    }

    [Fact]
    public async Task Verify_EndCutOff_IsFoundByAnAnchorOnly()
    {
        var records = Records(9);
        var file = Join(records.Take(6).Select(Line));
        Assert.Null((await VerifyAsync(file)).Finding);
        var finding = (await VerifyAsync(file, records[3], records[7])).Finding!;
        Assert.Equal((AuditFault.Missing, 7L, 7L, 8L), (finding.Fault, finding.Line, finding.First, finding.Last));
        Assert.Null((await VerifyAsync(file, records[3], records[5])).Finding);
        Assert.Equal(2, (await VerifyAsync(file, records[3], records[5])).Anchors);
    }

    [Fact]
    public async Task Verify_LogWrittenAnew_IsFoundByAnAnchorOnly()
    {
        var forged = new List<JournalRecord>();
        foreach (var record in Records(6))
            forged.Add(JournalSeal.Seal(record.Sequence, record.Time, record.Kind, "{}"u8.ToArray(), forged.LastOrDefault()?.Hash ?? JournalSeal.NoHash));
        var file = Join(forged.Select(Line));
        Assert.Null((await VerifyAsync(file)).Finding);
        var finding = (await VerifyAsync(file, Records(6)[4])).Finding!;
        Assert.Equal((AuditFault.Edited, 5L), (finding.Fault, finding.Line));
    }

    [Fact]
    public async Task Verify_LineWithoutEnd_IsNeverEndless()
    {
        var finding = (await VerifyAsync(Encoding.ASCII.GetBytes(new string('x', AuditLine.Longest * 3)))).Finding!;
        Assert.Equal((AuditFault.Edited, 1L), (finding.Fault, finding.Line));
    }

    [Theory]
    [InlineData("nonsense", "no anchor")]
    [InlineData("{}", "no anchor")]
    public async Task Anchors_NotAnchors_AreRefused(string line, string says)
    {
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(line + "\n"));
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => AuditAnchors.ReadAsync(file));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Anchors_OfTwoLogs_ContradictEachOther()
    {
        var one = AuditAnchor.Of(Records(2)[1]);
        var two = one with { Hash = new byte[32] };
        using var file = new MemoryStream([.. one.ToJson(), (byte)'\n', .. one.ToJson(), (byte)'\n', .. two.ToJson()]);
        await Assert.ThrowsAsync<InvalidDataException>(() => AuditAnchors.ReadAsync(file));
    }

    [Fact]
    public async Task Anchors_AsCloudEvents_AreRead()
    {
        var anchor = AuditAnchor.Of(Records(2)[1]);
        var data = Encoding.UTF8.GetString(anchor.ToJson());
        var line = $$$"""{"specversion":"1.0","id":"1","type":"gateway.audit-anchor.v1","source":"gateway","data":{{{data}}}}""";
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(line));
        Assert.Equal(anchor.Hash, (await AuditAnchors.ReadAsync(file)).Newest!.Hash);
    }

    private static IEnumerable<byte> Replacements(byte original) =>
        Enumerable.Range(0, 8).Select(bit => (byte)(original ^ (1 << bit))).Concat("0 \"A\n\0"u8.ToArray()).Append(byte.MaxValue).Where(with => with != original).Distinct();

    private static List<JournalRecord> Records(int count)
    {
        var records = new List<JournalRecord>();
        for (var n = 1; n <= count; n++)
        {
            var body = Encoding.UTF8.GetBytes($$"""{"actor":"ann","subject":"key/{{n}}","outcome":"ok"}""");
            records.Add(JournalSeal.Seal(n, Start.AddSeconds(n), "key.rotate", body, records.LastOrDefault()?.Hash ?? JournalSeal.NoHash));
        }

        return records;
    }

    private static List<byte[]> Lines(int count) => [.. Records(count).Select(Line)];

    private static byte[] Line(JournalRecord record)
    {
        var line = new ArrayBufferWriter<byte>();
        AuditLine.Write(line, record);
        return line.WrittenSpan.ToArray();
    }

    private static byte[] Join(IEnumerable<byte[]> lines) => [.. lines.SelectMany(line => line)];

    private static async Task<AuditReport> VerifyAsync(byte[] file, params JournalRecord[] anchors)
    {
        using var stream = new MemoryStream(file);
        using var kept = new MemoryStream([.. anchors.SelectMany(record => (byte[])[.. AuditAnchor.Of(record).ToJson(), (byte)'\n'])]);
        return await AuditVerifier.VerifyAsync(stream, await AuditAnchors.ReadAsync(kept));
    }
}
