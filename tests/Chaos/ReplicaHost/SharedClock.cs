using System.IO.MemoryMappedFiles;

namespace ReplicaHost;

/// <summary>The system's clock and so many milliseconds more as a file says that all replicas map: they all jump at the same moment. Timers run as ever.</summary>
internal sealed class SharedClock : TimeProvider, IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    /// <summary>Maps the file, which holds one 64-bit number.</summary>
    public SharedClock(string path)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, sizeof(long), MemoryMappedFileAccess.Read);
        _view = _file.CreateViewAccessor(0, sizeof(long), MemoryMappedFileAccess.Read);
    }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddMilliseconds(_view.ReadInt64(0));

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
