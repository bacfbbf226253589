namespace GatewayApi.Simulator;

/// <summary>Lets tokens out one by one at a model's pace. Each is due at a fixed time, so that late ones don't delay the rest.</summary>
internal sealed class TokenPacer(SimulatorOptions options, TimeProvider time, ulong seed)
{
    // A token may be late by up to this part of an interval: a pace as even as a metronome would be unlike a model's.
    private const double Jitter = 0.6;

    private readonly long _start = time.GetTimestamp();
    private int _token;

    /// <summary>Waits for the time to first token.</summary>
    public ValueTask FirstAsync(CancellationToken cancellation) => UntilAsync(options.TimeToFirstToken, cancellation);

    /// <summary>Waits for the next token.</summary>
    public ValueTask NextAsync(CancellationToken cancellation) => AfterAsync(1, cancellation);

    /// <summary>Waits for the first and that many more tokens.</summary>
    public async ValueTask AllAsync(int tokens, CancellationToken cancellation)
    {
        await FirstAsync(cancellation);
        await AfterAsync(tokens, cancellation);
    }

    private ValueTask AfterAsync(int tokens, CancellationToken cancellation)
    {
        if (options.TokensPerSecond <= 0)
            return ValueTask.CompletedTask;
        var index = _token;
        _token += tokens;

        // The first token is due when the wait for it is over.
        var due = index + tokens - 1;
        var late = due == 0 ? 0 : Jitter * StableHash.Unit(StableHash.Mix(seed + (ulong)due));
        return UntilAsync(options.TimeToFirstToken + TimeSpan.FromSeconds((due + late) / options.TokensPerSecond), cancellation);
    }

    private ValueTask UntilAsync(TimeSpan due, CancellationToken cancellation)
    {
        var left = due - time.GetElapsedTime(_start);
        return left > TimeSpan.Zero ? new ValueTask(Task.Delay(left, time, cancellation)) : ValueTask.CompletedTask;
    }
}
