using Microsoft.Win32.SafeHandles;

namespace Gateway.Metering;

/// <summary>A segment on a real disk.</summary>
internal sealed class SpoolFile(string path) : ISpoolFile
{
    private readonly SafeFileHandle _handle = Open(path);

    /// <summary>
    /// File systems on which a block that has been written once can be written again whatever else happens. On others (btrfs, ZFS, network
    /// drives) touching a mapped page may need room that isn't there, which ends the process.
    /// </summary>
    private static readonly string[] InPlace = ["ext2", "ext3", "ext4", "xfs", "tmpfs"];

    /// <summary>A segment as its file system takes it best.</summary>
    public static ISpoolFile Best(string path) =>
        OperatingSystem.IsLinux() && InPlace.Contains(FileSystemOf(path)) ? new MappedSpoolFile(path) : new SpoolFile(path);

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

    private static string FileSystemOf(string path)
    {
        try
        {
            return new DriveInfo(Path.GetDirectoryName(Path.GetFullPath(path))!).DriveFormat;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
