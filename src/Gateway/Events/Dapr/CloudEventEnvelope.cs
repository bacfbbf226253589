using System.Buffers;
using System.Text.Json;

namespace Gateway.Events.Dapr;

/// <summary>Events in CloudEvents 1.0 envelopes. The gateway makes its own: the sidecar then keeps the id in every version and for every way to publish.</summary>
internal static class CloudEventEnvelope
{
    /// <summary>Content type of an envelope.</summary>
    public const string ContentType = "application/cloudevents+json";

    /// <summary>Wraps an event.</summary>
    public static byte[] Write(BusEvent e)
    {
        var buffer = new ArrayBufferWriter<byte>(e.Json.Length + 256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("specversion"u8, "1.0"u8);
            json.WriteString("id"u8, e.Id);
            json.WriteString("source"u8, "gateway"u8);
            json.WriteString("type"u8, e.Type);
            json.WriteString("datacontenttype"u8, "application/json"u8);
            json.WritePropertyName("data"u8);
            json.WriteRawValue(e.Json.Span);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Unwraps an event; null when it is none that can be read.</summary>
    public static BusEvent? Read(ReadOnlyMemory<byte> envelope)
    {
        try
        {
            using var json = JsonDocument.Parse(envelope);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Text(root, "id") is not { } id || Text(root, "type") is not { } type)
                return null;
            if (root.TryGetProperty("data", out var data))
                return new BusEvent(id, type, Raw(data));
            return root.TryGetProperty("data_base64", out var encoded) && encoded.TryGetBytesFromBase64(out var bytes) ? new BusEvent(id, type, bytes) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static byte[] Raw(JsonElement data) => System.Text.Encoding.UTF8.GetBytes(data.GetRawText());

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
