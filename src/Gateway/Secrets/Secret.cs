using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Secrets;

/// <summary>A value that must not be logged or serialised. Only <see cref="Reveal"/> gives it back.</summary>
[JsonConverter(typeof(RefusingConverter))]
internal sealed class Secret(string value)
{
    private readonly string _value = value;

    /// <summary>The secret itself. Call it only where the value goes on the wire.</summary>
    public string Reveal() => _value;

    /// <summary>A mask; the value is not derivable from it.</summary>
    public override string ToString() => "***";

    private sealed class RefusingConverter : JsonConverter<Secret>
    {
        public override Secret Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Secrets are resolved by configuration, never read as JSON.");

        public override void Write(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options) =>
            throw new NotSupportedException("A secret cannot be serialised.");
    }
}
