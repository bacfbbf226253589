using System.Text.Json;
using System.Text.Json.Nodes;

namespace TestSidecar.Messages;

/// <summary>A published event in its envelope.</summary>
/// <param name="Id">The envelope's id.</param>
/// <param name="Json">The envelope.</param>
internal sealed record CloudEvent(string Id, string Json)
{
    /// <summary>Puts data into a CloudEvents 1.0 envelope as the runtime does, unless the publisher has done so.</summary>
    public static CloudEvent Wrap(string component, string topic, string contentType, byte[] data, IDictionary<string, string> metadata)
    {
        if (contentType == "application/cloudevents+json")
        {
            var own = JsonNode.Parse(data)!.AsObject();
            (own["topic"], own["pubsubname"]) = (topic, component);
            return new CloudEvent((string)own["id"]!, own.ToJsonString());
        }

        var isJson = contentType == "application/json" || contentType.EndsWith("+json", StringComparison.Ordinal);
        var id = metadata.TryGetValue("cloudevent.id", out var said) ? said : Guid.NewGuid().ToString();
        var envelope = new JsonObject
        {
            ["specversion"] = "1.0",
            ["id"] = id,
            ["source"] = metadata.TryGetValue("cloudevent.source", out var source) ? source : "gateway",
            ["type"] = metadata.TryGetValue("cloudevent.type", out var type) ? type : "com.dapr.event.sent",
            ["datacontenttype"] = contentType.Length > 0 ? contentType : "text/plain",
            ["topic"] = topic,
            ["pubsubname"] = component,
            ["data"] = isJson ? JsonNode.Parse(data) : JsonValue.Create(System.Text.Encoding.UTF8.GetString(data)),
        };
        return new CloudEvent(id, envelope.ToJsonString(JsonSerializerOptions.Default));
    }
}
