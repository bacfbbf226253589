using System.Globalization;

namespace Gateway.Metering;

/// <summary>One file of the spool, named after the first sequence it holds.</summary>
/// <param name="Path">The file.</param>
/// <param name="FirstSequence">The sequence of its first line, also while it is empty.</param>
/// <param name="Length">Bytes of whole, durable lines.</param>
internal readonly record struct SpoolSegment(string Path, long FirstSequence, long Length)
{
    private const string Prefix = "spool-";
    private const string Extension = ".log";

    /// <summary>Where the segment that begins with a sequence lives.</summary>
    public static string PathOf(string directory, long firstSequence) =>
        System.IO.Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{firstSequence}{Extension}"));

    /// <summary>The segments of a directory in order.</summary>
    public static List<SpoolSegment> List(string directory)
    {
        var segments = new List<SpoolSegment>();
        foreach (var file in new DirectoryInfo(directory).EnumerateFiles(Prefix + "*" + Extension))
        {
            var number = file.Name.AsSpan(Prefix.Length, file.Name.Length - Prefix.Length - Extension.Length);
            if (long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var first))
                segments.Add(new SpoolSegment(file.FullName, first, file.Length));
        }

        segments.Sort((left, right) => left.FirstSequence.CompareTo(right.FirstSequence));
        return segments;
    }
}
