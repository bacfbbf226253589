using System.Text;
using Gateway.Metering;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Metering;

public sealed class SpoolRecoveryTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(9_000)]
    public async Task Recover_LastLineTornAtEveryByteBeforeRoomForMore_KeepsTheLinesBefore(int room)
    {
        using var directory = await SpoolOfAsync(3);
        var path = Assert.Single(SpoolSegment.List(directory.Path)).Path;
        var whole = await File.ReadAllBytesAsync(path);
        var lastLine = whole.AsSpan(0, whole.Length - 1).LastIndexOf((byte)'\n') + 1;
        for (var length = lastLine; length < whole.Length; length++)
        {
            await File.WriteAllBytesAsync(path, [.. whole[..length], .. new byte[room]]);

            var contents = SpoolRecovery.Recover(directory.Path, applied: 0);

            Assert.Equal(3, contents.NextSequence);
            Assert.Equal(length - lastLine, contents.CutBytes);
            Assert.Equal(lastLine, new FileInfo(path).Length);
        }
    }

    [Fact]
    public async Task Open_LastLineTorn_SequenceContinues()
    {
        await using var bench = new LedgerBench();
        bench.Open();
        await bench.AppendAsync(3);
        using var copy = bench.Directory.Copy();
        var path = Assert.Single(SpoolSegment.List(LedgerPaths.Spool(copy.Path))).Path;
        await File.WriteAllBytesAsync(path, Lines(path)[..^10]);

        await using var again = new LedgerBench(copy.Copy());
        again.Open();

        Assert.Equal(3, await again.Ledger.AppendAsync(Samples.Entry(9)));
        Assert.Equal(["req_0", "req_1", "req_9"], (await again.AllAsync()).Select(entry => entry.RequestId));
    }

    [Fact]
    public async Task Recover_AnyByteOfAnEarlierLineDamaged_NamesFileAndOffset()
    {
        using var directory = await SpoolOfAsync(3);
        var path = Assert.Single(SpoolSegment.List(directory.Path)).Path;
        var whole = await File.ReadAllBytesAsync(path);
        var second = Array.IndexOf(whole, (byte)'\n') + 1;
        var third = Array.IndexOf(whole, (byte)'\n', second) + 1;
        for (var i = second; i < third; i++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[i] ^= 0x04;
            await File.WriteAllBytesAsync(path, damaged);

            var error = Assert.Throws<LedgerCorruptException>(() => SpoolRecovery.Recover(directory.Path, applied: 0));

            Assert.Equal(path, error.Path);
            Assert.Equal(second, error.Offset);
            Assert.Contains(path, error.Message, StringComparison.Ordinal);
            Assert.Equal(damaged, await File.ReadAllBytesAsync(path));
        }
    }

    [Fact]
    public async Task Recover_ZerosAtTheEnd_AreCut()
    {
        using var directory = await SpoolOfAsync(3);
        var segment = Assert.Single(SpoolSegment.List(directory.Path));
        await File.AppendAllBytesAsync(segment.Path, new byte[5_000]);

        Assert.Equal(4, SpoolRecovery.Recover(directory.Path, applied: 0).NextSequence);
        Assert.Equal(segment.Length, new FileInfo(segment.Path).Length);
    }

    [Fact]
    public async Task Recover_OnlyRoomAfterTheLines_NothingIsSaidToBeCut()
    {
        using var directory = await SpoolOfAsync(3);
        var segment = Assert.Single(SpoolSegment.List(directory.Path));
        await File.AppendAllBytesAsync(segment.Path, new byte[MappedSpoolFile.ChunkBytes]);

        Assert.Equal(0, SpoolRecovery.Recover(directory.Path, applied: 0).CutBytes);
        Assert.Equal(segment.Length, new FileInfo(segment.Path).Length);
    }

    [Fact]
    public async Task Recover_PageThatNeverReachedTheDisk_WhatFollowsItIsCut()
    {
        using var directory = await SpoolOfAsync(60);
        var path = Assert.Single(SpoolSegment.List(directory.Path)).Path;
        var whole = await File.ReadAllBytesAsync(path);
        Assert.True(whole.Length > 3 * 4_096);
        var crashed = (byte[])whole.Clone();
        crashed.AsSpan(4_096, 4_096).Clear();
        await File.WriteAllBytesAsync(path, crashed);
        var kept = whole.AsSpan(0, 4_096).Count((byte)'\n');

        var contents = SpoolRecovery.Recover(directory.Path, applied: 0);

        Assert.Equal(kept + 1, contents.NextSequence);
        Assert.Equal(whole.AsSpan(0, 4_096).LastIndexOf((byte)'\n') + 1, new FileInfo(path).Length);
    }

    [Fact]
    public async Task Recover_ZerosWithinAPage_AreDamage()
    {
        using var directory = await SpoolOfAsync(60);
        var path = Assert.Single(SpoolSegment.List(directory.Path)).Path;
        var damaged = await File.ReadAllBytesAsync(path);
        damaged.AsSpan(4_196, 300).Clear();
        await File.WriteAllBytesAsync(path, damaged);

        Assert.Throws<LedgerCorruptException>(() => SpoolRecovery.Recover(directory.Path, applied: 0));
    }

    [Fact]
    public async Task Recover_OlderSegmentTorn_IsReported()
    {
        using var directory = await SpoolOfAsync(10, segmentBytes: 1_024);
        var first = SpoolSegment.List(directory.Path)[0];
        await File.WriteAllBytesAsync(first.Path, (await File.ReadAllBytesAsync(first.Path))[..^1]);

        Assert.Equal(first.Path, Assert.Throws<LedgerCorruptException>(() => SpoolRecovery.Recover(directory.Path, applied: 0)).Path);
    }

    [Fact]
    public async Task Recover_SegmentMissingBeforeItWasApplied_IsReported()
    {
        using var directory = await SpoolOfAsync(10, segmentBytes: 1_024);
        var segments = SpoolSegment.List(directory.Path);
        File.Delete(segments[0].Path);

        Assert.Throws<LedgerCorruptException>(() => SpoolRecovery.Recover(directory.Path, applied: 0));
        Assert.Equal(11, SpoolRecovery.Recover(directory.Path, applied: segments[1].FirstSequence - 1).NextSequence);
    }

    [Fact]
    public async Task Open_LongLinesWithUnknownMembers_AreRead()
    {
        using var directory = new TempDirectory();
        Directory.CreateDirectory(LedgerPaths.Spool(directory.Path));
        using (var segment = File.Create(SpoolSegment.PathOf(LedgerPaths.Spool(directory.Path), 1)))
        {
            for (var sequence = 1; sequence <= 3; sequence++)
            {
                var line = Encoding.UTF8.GetBytes(
                    $$"""_________{"replica":"abcdefgh","sequence":{{sequence}},"time":1,"novelty":["{{new string('x', 3 << 20)}}"],"outcome":"failed"}""");
                SpoolFrame.WritePrefix(line);
                segment.Write(line);
                segment.WriteByte((byte)'\n');
            }
        }

        await using var bench = new LedgerBench(directory.Copy());
        bench.Open();

        Assert.Equal([1, 2, 3], (await bench.AllAsync()).Select(entry => entry.Sequence));
    }

    /// <summary>A spool directory with so many entries, on its own.</summary>
    private static async Task<TempDirectory> SpoolOfAsync(int count, long segmentBytes = 64 << 20)
    {
        await using var bench = new LedgerBench { Options = new LedgerOptions { DataDirectory = "", SegmentBytes = segmentBytes } };
        bench.Open();
        await bench.AppendAsync(count);
        using var copy = bench.Directory.Copy();
        var spool = new TempDirectory();
        foreach (var segment in SpoolSegment.List(LedgerPaths.Spool(copy.Path)))
            await File.WriteAllBytesAsync(Path.Combine(spool.Path, Path.GetFileName(segment.Path)), Lines(segment.Path));
        return spool;
    }

    /// <summary>A segment without the room for more that a gateway still at work leaves behind its lines.</summary>
    private static byte[] Lines(string path) => File.ReadAllBytes(path).AsSpan().TrimEnd((byte)0).ToArray();
}
