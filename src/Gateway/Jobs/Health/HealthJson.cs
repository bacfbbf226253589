using System.Text.Json.Serialization;

namespace Gateway.Jobs.Health;

/// <summary>The values of health in the state store and on the bus, as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HealthBoard))]
[JsonSerializable(typeof(ProbeBoard))]
[JsonSerializable(typeof(ProviderProbe))]
internal sealed partial class HealthJson : JsonSerializerContext;
