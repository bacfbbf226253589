using System.Globalization;

namespace LoadClient;

/// <summary>One run of wrk, as <c>load.sh</c> writes it to <c>load.tsv</c>.</summary>
/// <param name="Case">What was asked for, e.g. <c>1 KB in, 1 KB out</c>.</param>
/// <param name="Target">Which server.</param>
/// <param name="Requests">Requests completed.</param>
/// <param name="Microseconds">Length of the run.</param>
/// <param name="P50">Median latency in microseconds.</param>
/// <param name="P99">Latency at p99 in microseconds.</param>
/// <param name="Errors">Failed connects, reads and writes, timeouts and statuses above 399.</param>
/// <param name="Bytes">Bytes received.</param>
/// <param name="Cpu">Processor time of the target's processes in microseconds; 0 for direct.</param>
/// <param name="UpstreamCpu">Processor time of the fake upstream in microseconds.</param>
/// <param name="RssKilobytes">Resident memory of the target's processes at the run's end.</param>
/// <param name="PeakKilobytes">Their peak during the run.</param>
internal sealed record LoadRow(
    string Case,
    string Target,
    long Requests,
    double Microseconds,
    double P50,
    double P99,
    long Errors,
    long Bytes,
    double Cpu,
    double UpstreamCpu,
    double RssKilobytes,
    double PeakKilobytes)
{
    public double PerSecond => Requests * 1e6 / Microseconds;

    public double CpuPerRequest => Cpu / Requests;

    public static LoadRow Parse(string line)
    {
        var fields = line.Split('\t');
        return new(
            fields[0], fields[1], (long)Number(2), Number(3), Number(4), Number(5), (long)Number(6), (long)Number(7), Number(8), Number(9), Number(10), Number(11));

        double Number(int field) => double.Parse(fields[field], CultureInfo.InvariantCulture);
    }
}
