namespace GatewayApi.Telemetry;

/// <summary>Histogram bounds of OpenTelemetry's GenAI conventions.</summary>
internal static class MetricBuckets
{
    /// <summary>Durations, in seconds.</summary>
    public static readonly double[] Seconds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

    /// <summary>Tokens.</summary>
    public static readonly long[] Tokens = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];
}
