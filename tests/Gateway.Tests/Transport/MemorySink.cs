using System.IO.Pipelines;
using Gateway.Transport;

namespace Gateway.Tests.Transport;

/// <summary>A client in memory: what was flushed to it is what it has seen.</summary>
internal sealed class MemorySink : IStreamSink
{
    private readonly Func<byte[]> _seen;

    public MemorySink()
    {
        var seen = new MemoryStream();
        Body = PipeWriter.Create(seen);
        _seen = seen.ToArray;
    }

    public bool HasStarted { get; private set; }

    public PipeWriter Body { get; }

    public ReadOnlyMemory<byte> KeepAlive { get; } = ": keep-alive\n\n"u8.ToArray();

    /// <summary>How often content was said to begin.</summary>
    public int FirstContents { get; private set; }

    /// <summary>The bytes the client has.</summary>
    public byte[] Seen => _seen();

    public ValueTask StartAsync()
    {
        Assert.False(HasStarted);
        HasStarted = true;
        return ValueTask.CompletedTask;
    }

    public SemaphoreSlim Writing { get; } = new(1, 1);

    /// <summary>Whether another stream had content first.</summary>
    public bool IsTaken { get; set; }

    public bool TryCommit()
    {
        if (!IsTaken)
            FirstContents++;
        return !IsTaken;
    }
}
