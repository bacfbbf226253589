using System.Text.Json.Serialization;

namespace Gateway.Jobs;

/// <summary>A job, as its host lists it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Schedule">When it runs, in the host's words; null: the host does not say.</param>
/// <param name="Last">How its last run went; null: it has not run.</param>
internal sealed record ListedJob(string Name, string? Schedule, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] JobRun? Last);
