using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Metering;

/// <summary>Lists of attempts as JSON: snake_case, one line, ASCII; members that are absent are 0, false or null.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(AttemptList), TypeInfoPropertyName = "Attempts")]
internal sealed partial class AttemptJson : JsonSerializerContext
{
    /// <summary>Writes a list: <c>{"v":1,"list":[…]}</c>.</summary>
    public static string Write(AttemptList list) => JsonSerializer.Serialize(list, Default.Attempts);

    /// <summary>Reads what <see cref="Write"/> wrote, or a newer gateway did.</summary>
    /// <exception cref="JsonException">Neither did.</exception>
    public static AttemptList? Read(string json) => JsonSerializer.Deserialize(json, Default.Attempts);
}
