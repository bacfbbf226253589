using Microsoft.Win32.SafeHandles;

namespace Gateway.Metering;

/// <summary>A segment on a real disk.</summary>
internal sealed class SpoolFile(string path) : ISpoolFile
{
    private readonly SafeFileHandle _handle = Open(path);

    /// <summary>A segment as this system writes it best.</summary>
    public static ISpoolFile Best(string path) => OperatingSystem.IsLinux() ? new MappedSpoolFile(path) : new SpoolFile(path);

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(_handle, bytes, offset);

    /// <inheritdoc/>
    public void Truncate(long length) => RandomAccess.SetLength(_handle, length);

    /// <inheritdoc/>
    public void Flush() => RandomAccess.FlushToDisk(_handle);

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    /// <summary>Opens, or creates, a segment for writing while others read it.</summary>
    internal static SafeFileHandle Open(string path) =>
        File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
}
