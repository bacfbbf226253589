using System.Text.Json.Serialization;
using Gateway.Jobs.Usage;

namespace Gateway.Jobs;

/// <summary>The values that jobs keep in the state store, and what their hosts say of them, as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(RangeSet))]
[JsonSerializable(typeof(HourPart))]
[JsonSerializable(typeof(HourIndex))]
[JsonSerializable(typeof(StaleSpans))]
[JsonSerializable(typeof(SpanRollup))]
[JsonSerializable(typeof(PublishedMark))]
[JsonSerializable(typeof(JobLease))]
[JsonSerializable(typeof(JobRun))]
[JsonSerializable(typeof(JobList))]
internal sealed partial class JobsJson : JsonSerializerContext;
