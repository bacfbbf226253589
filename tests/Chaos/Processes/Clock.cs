using System.IO.MemoryMappedFiles;

namespace Chaos.Processes;

/// <summary>The clock of all replicas: the system's and an offset that the run moves, in a file that they map.</summary>
internal sealed class Clock : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    public Clock(string path)
    {
        Path = path;
        File.WriteAllBytes(path, new byte[sizeof(long)]);
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open);
        _view = _file.CreateViewAccessor(0, sizeof(long));
        Began = Now;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>When the run began.</summary>
    public DateTimeOffset Began { get; }

    /// <summary>The replicas' time.</summary>
    public DateTimeOffset Now => TimeProvider.System.GetUtcNow().AddMilliseconds(_view.ReadInt64(0));

    /// <summary>How far it is to so long before the next full hour; if that is past, to that before the one after.</summary>
    public TimeSpan Until(TimeSpan beforeHour)
    {
        var hour = TimeSpan.FromHours(1).Ticks;
        var now = Now;
        var target = new DateTimeOffset(((now.UtcTicks / hour) + 1) * hour, TimeSpan.Zero) - beforeHour;
        return target > now ? target - now : target - now + TimeSpan.FromHours(1);
    }

    /// <summary>Moves it forward.</summary>
    public void MoveBy(TimeSpan span) => _view.Write(0, _view.ReadInt64(0) + (long)span.TotalMilliseconds);

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
