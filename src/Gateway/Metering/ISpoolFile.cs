namespace Gateway.Metering;

/// <summary>A segment being written. A seam, so that tests can make the disk fail.</summary>
internal interface ISpoolFile : IDisposable
{
    /// <summary>Writes all bytes at an offset.</summary>
    /// <exception cref="IOException">Some or none of them were written.</exception>
    void Write(ReadOnlySpan<byte> bytes, long offset);

    /// <summary>Cuts the file to this length.</summary>
    void Truncate(long length);

    /// <summary>Forces what was written to the disk.</summary>
    void Flush();
}
