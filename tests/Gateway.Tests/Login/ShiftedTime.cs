namespace Gateway.Tests.Login;

/// <summary>The system's clock, put forward as a test wants it: timers run, and what an independent process stamps with its own clock expires when told.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private TimeSpan _shift;

    /// <summary>Puts the clock forward.</summary>
    public void Advance(TimeSpan by) => _shift += by;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _shift;
}
