using System.Text.Json.Serialization;
using Gateway.Metering;

namespace Gateway.Jobs.Usage;

/// <summary>A series and its sums.</summary>
/// <param name="Series">What the entries have in common.</param>
/// <param name="Sums">Their sums.</param>
internal sealed record RollupLine(UsageSeries Series, UsageSums Sums)
{
    /// <summary>How much room its texts take, in characters.</summary>
    [JsonIgnore]
    public int TextLength =>
        (Series.Customer?.Length ?? 0) + (Series.Team?.Length ?? 0) + (Series.User?.Length ?? 0)
        + Series.Key.Length + Series.Provider.Length + Series.Model.Length + Series.Target.Length + Series.Operation.Length;
}
