using System.Globalization;

namespace LoadClient;

/// <summary>Memory of a target while streams were held, as <c>load.sh</c> writes it to <c>hold.tsv</c>; kilobytes.</summary>
internal sealed record HoldRow(string Target, double BeforeKilobytes, double HeldKilobytes, double PeakKilobytes)
{
    public static HoldRow Parse(string line)
    {
        var fields = line.Split('\t');
        return new(fields[0], Number(1), Number(2), Number(3));

        double Number(int field) => double.Parse(fields[field], CultureInfo.InvariantCulture);
    }
}
