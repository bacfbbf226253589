namespace LoadClient;

/// <summary>The result of a stream run.</summary>
internal sealed record StreamReport(int Concurrency, int Events, double Seconds, IReadOnlyList<StreamFigures> Targets);
