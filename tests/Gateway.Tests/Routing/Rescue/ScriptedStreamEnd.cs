namespace Gateway.Tests.Routing.Rescue;

/// <summary>What comes after the bytes of a <see cref="ScriptedStream"/>.</summary>
internal sealed class ScriptedStreamEnd
{
    private readonly Func<CancellationToken, Task>? _then;

    private ScriptedStreamEnd(Func<CancellationToken, Task>? then) => _then = then;

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

    public async ValueTask<int> ReadAsync(CancellationToken cancellation)
    {
        if (_then is not null)
            await _then(cancellation);
        return 0;
    }
}
