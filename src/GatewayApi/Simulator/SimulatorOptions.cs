namespace GatewayApi.Simulator;

/// <summary>How fast the simulator speaks. Zero means as fast as possible.</summary>
internal sealed record SimulatorOptions
{
    /// <summary>From the request to the first token. Default 150 ms; zero for none.</summary>
    public TimeSpan TimeToFirstToken { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>Mean pace after the first token, in tokens per second. Default 60; zero for no pacing.</summary>
    public double TokensPerSecond { get; init; } = 60;

    /// <summary>How long <c>fault-slow-first-token</c> is silent after its headers. Default 10 s.</summary>
    public TimeSpan SlowFirstToken { get; init; } = TimeSpan.FromSeconds(10);
}
