using Gateway.Metering;

namespace Gateway.Tests.Metering;

/// <summary>A disk that can be full, refuse to be cut, or refuse to flush.</summary>
internal sealed class FaultyFile
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _flushed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int? _room;
    private bool _canTruncate = true;
    private int _flushes;

    public int Flushes => Volatile.Read(ref _flushes);

    public bool FailFlush { get; set; }

    public ISpoolFile Open(string path) => new File(this, SpoolFile.Best(path));

    public Task NextFlush() => (_flushed = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void FailAfter(int bytes, bool canTruncate)
    {
        lock (_gate)
        {
            _room = bytes;
            _canTruncate = canTruncate;
        }
    }

    public void Heal()
    {
        lock (_gate)
        {
            _room = null;
            _canTruncate = true;
        }
    }

    private sealed class File(FaultyFile disk, ISpoolFile file) : ISpoolFile
    {
        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            lock (disk._gate)
            {
                if (disk._room is { } room && room < bytes.Length)
                {
                    file.Write(bytes[..room], offset);
                    throw new IOException("No space left on device");
                }

                file.Write(bytes, offset);
            }
        }

        public void Truncate(long length)
        {
            lock (disk._gate)
            {
                if (!disk._canTruncate)
                    throw new IOException("Input/output error");
                file.Truncate(length);
            }
        }

        public void Flush()
        {
            if (disk.FailFlush)
                throw new IOException("Input/output error");
            Interlocked.Increment(ref disk._flushes);
            file.Flush();
            disk._flushed.TrySetResult();
        }

        public void Dispose() => file.Dispose();
    }
}
