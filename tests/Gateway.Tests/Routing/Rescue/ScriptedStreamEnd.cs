namespace Gateway.Tests.Routing.Rescue;

/// <summary>What comes after the bytes of a <see cref="ScriptedStream"/>.</summary>
internal sealed class ScriptedStreamEnd
{
    private readonly Func<CancellationToken, Task>? _then;
    private readonly bool _isTrickle;

    private ScriptedStreamEnd(Func<CancellationToken, Task>? then, bool isTrickle = false) => (_then, _isTrickle) = (then, isTrickle);

    /// <summary>The end.</summary>
    public static ScriptedStreamEnd Close { get; } = new(null);

    /// <summary>A broken connection.</summary>
    public static ScriptedStreamEnd Reset { get; } = new(_ => throw new IOException("reset"));

    /// <summary>Silence, which the test is told of each time it is listened to.</summary>
    public static ScriptedStreamEnd Silence(Action heard) => new(async cancellation =>
    {
        await Task.Yield(); // the reader is waiting now
        heard();
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
    });

    /// <summary>No end: a byte each time it is listened to, which the test is told of before.</summary>
    public static ScriptedStreamEnd Trickle(Action heard) => new(
        async cancellation =>
        {
            await Task.Yield();
            heard();
            cancellation.ThrowIfCancellationRequested();
        },
        isTrickle: true);

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        if (_then is not null)
            await _then(cancellation);
        if (!_isTrickle)
            return 0;
        buffer.Span[0] = (byte)':';
        return 1;
    }
}
