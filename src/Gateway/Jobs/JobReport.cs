namespace Gateway.Jobs;

/// <summary>What a run did.</summary>
/// <param name="Counts">How many of what, by snake_case names.</param>
/// <param name="Lag">How far behind the job's subject is; zero: not at all, or that means nothing here.</param>
internal sealed record JobReport(IReadOnlyDictionary<string, long> Counts, TimeSpan Lag = default);
