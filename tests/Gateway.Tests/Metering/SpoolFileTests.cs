using CsCheck;
using Gateway.Metering;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Metering;

public sealed class SpoolFileTests
{
    [Fact]
    public void Write_AnyLengthsAndCuts_FileHoldsThemAndZeros()
    {
        var step = Gen.Select(Gen.Frequency((8, Gen.Int[1, 5_000]), (1, Gen.Int[200_000, 600_000])), Gen.Bool, Gen.Int[1, 255]);
        step.Array[1, 12].Sample(
            steps =>
            {
                using var directory = new TempDirectory();
                var path = Path.Combine(directory.Path, "segment");
                var expected = new List<byte>();
                var file = SpoolFile.Best(path);
                foreach (var (length, isCut, value) in steps)
                {
                    var bytes = Enumerable.Range(0, length).Select(i => (byte)(1 + ((value + i) % 255))).ToArray();
                    file.Write(bytes, expected.Count);
                    if (isCut)
                        file.Truncate(expected.Count);
                    else
                        expected.AddRange(bytes);
                    // What was written is the operating system's at once, for readers too.
                    Assert.Equal(expected, Lines(path, expected.Count));
                    if (value % 3 != 0)
                        continue;
                    file.Flush();
                    file.Dispose();
                    file = SpoolFile.Best(path);
                }

                file.Truncate(expected.Count);
                file.Dispose();
                Assert.Equal(expected, File.ReadAllBytes(path));
            },
            iter: 60);
    }

    [Fact]
    public void Write_OneByte_RoomIsBounded()
    {
        using var directory = new TempDirectory();
        var path = Path.Combine(directory.Path, "segment");
        using var file = SpoolFile.Best(path);

        file.Write("x"u8, 0);

        Assert.InRange(new FileInfo(path).Length, 1, MappedSpoolFile.ChunkBytes);
    }

    private static byte[] Lines(string path, int length)
    {
        using var reader = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[length];
        reader.ReadExactly(bytes);
        Assert.Equal(-1, ReadRest(reader));
        return bytes;
    }

    /// <summary>The first byte behind that is not zero, or -1.</summary>
    private static int ReadRest(FileStream reader)
    {
        using var rest = new MemoryStream();
        reader.CopyTo(rest);
        return rest.ToArray().AsSpan().IndexOfAnyExcept((byte)0);
    }
}
