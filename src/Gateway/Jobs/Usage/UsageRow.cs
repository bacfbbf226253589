using Gateway.Metering;

namespace Gateway.Jobs.Usage;

/// <summary>What one member of a group used in one span.</summary>
/// <param name="Start">When the span begins.</param>
/// <param name="Id">The member's id; null: of those that have none.</param>
/// <param name="Sums">The sums.</param>
internal sealed record UsageRow(DateTimeOffset Start, string? Id, UsageSums Sums);
