using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Metering;

/// <summary>
/// A segment whose end is mapped into memory, on Linux: a line is copied into the page cache without a system call, and is the operating
/// system's at once, so it outlives the process as a written one does. Where lines will go zeros are written first, so that a full disk
/// refuses a reply and never ends the process; recovery takes zeros after the last line for what they are. Where files cannot be mapped
/// lines are written.
/// </summary>
internal sealed class MappedSpoolFile(string path) : ISpoolFile
{
    /// <summary>How far ahead of the lines zeros are written.</summary>
    internal const int ChunkBytes = 256 << 10;

    /// <summary>What is copied at once. So small a copy goes from front to back: a process killed within it leaves the beginning of a line.</summary>
    private const int PieceBytes = 1_024;

    /// <summary>What reaches the disk whole or not at all; larger pages are multiples of it.</summary>
    internal const int PageBytes = 4_096;
    private static readonly byte[] Zeros = new byte[ChunkBytes];

    private readonly SafeFileHandle _handle = SpoolFile.Open(path);

    // Its own Dispose would force the pages to the disk, which is the flusher's to do: only the handle is closed.
    private MemoryMappedViewAccessor? _view;
    private long _from;
    private long _to;
    private bool _cannotMap;

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        if ((offset < _from || offset + bytes.Length > _to) && !_cannotMap)
            Map(offset, bytes.Length);
        if (_view is null)
        {
            RandomAccess.Write(_handle, bytes, offset);
            return;
        }

        var at = (ulong)(_view.PointerOffset + offset - _from);
        for (; bytes.Length > PieceBytes; bytes = bytes[PieceBytes..], at += PieceBytes)
            _view.SafeMemoryMappedViewHandle.WriteSpan(at, bytes[..PieceBytes]);
        _view.SafeMemoryMappedViewHandle.WriteSpan(at, bytes);
    }

    /// <inheritdoc/>
    public void Truncate(long length)
    {
        // Before: touching a page behind the file's end is a signal.
        Unmap();
        RandomAccess.SetLength(_handle, length);
    }

    /// <inheritdoc/>
    public void Flush() => RandomAccess.FlushToDisk(_handle);

    /// <inheritdoc/>
    public void Dispose()
    {
        Unmap();
        _handle.Dispose();
    }

    private void Map(long offset, int length)
    {
        Unmap();
        var from = offset / PageBytes * PageBytes;
        var to = from + Math.Max(ChunkBytes, (offset + length - from + PageBytes - 1) / PageBytes * PageBytes);
        for (var end = RandomAccess.GetLength(_handle); end < to; end += ChunkBytes)
            RandomAccess.Write(_handle, Zeros.AsSpan(0, (int)Math.Min(ChunkBytes, to - end)), end);
        try
        {
            using var file = MemoryMappedFile.CreateFromFile(_handle, mapName: null, capacity: 0, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
            _view = file.CreateViewAccessor(from, to - from, MemoryMappedFileAccess.ReadWrite);
            (_from, _to) = (from, to);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            _cannotMap = true;
        }
    }

    private void Unmap()
    {
        _view?.SafeMemoryMappedViewHandle.Dispose();
        _view = null;
        _from = _to = 0;
    }
}
