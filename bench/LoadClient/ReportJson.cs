using System.Text.Json.Serialization;

namespace LoadClient;

/// <summary>The reports as JSON, one line each.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StreamReport))]
[JsonSerializable(typeof(HoldReport))]
[JsonSerializable(typeof(StartReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
