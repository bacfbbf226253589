namespace LoadClient;

/// <summary>The result of a hold run. Gaps are in microseconds.</summary>
/// <param name="Target">Which server.</param>
/// <param name="Streams">Streams opened.</param>
/// <param name="Whole">Streams that arrived whole.</param>
/// <param name="LostEvents">Content events expected and not received in order.</param>
/// <param name="Seconds">From the first stream's start to the last one's end.</param>
/// <param name="GapP50">Median time between content events; 1,000,000 is on time.</param>
/// <param name="GapP99">The same at p99.</param>
internal sealed record HoldReport(string Target, int Streams, int Whole, long LostEvents, double Seconds, double GapP50, double GapP99);
