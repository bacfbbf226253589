namespace LoadClient;

/// <summary>The result of a start run: milliseconds from starting the process to the end of the first 200 from chat completions.</summary>
internal sealed record StartReport(string Target, int Count, double MedianMilliseconds, double LeastMilliseconds, double MostMilliseconds);
