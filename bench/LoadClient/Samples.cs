namespace LoadClient;

/// <summary>Figures of many samples.</summary>
internal static class Samples
{
    /// <summary>The value that a share (0 to 1) of the samples does not exceed, by nearest rank; 0 for no samples.</summary>
    public static double Percentile(List<double> samples, double share)
    {
        if (samples.Count == 0)
            return 0;
        samples.Sort();
        return samples[Math.Clamp((int)Math.Ceiling(share * samples.Count) - 1, 0, samples.Count - 1)];
    }

    /// <summary>The middle value, or the mean of the two in the middle; 0 for no samples.</summary>
    public static double Median(IEnumerable<double> samples)
    {
        double[] sorted = [.. samples.Order()];
        return sorted.Length == 0 ? 0 : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
