using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gateway.Configuration.Settings;

/// <summary>Writes the JSON schema of gateway.json from the table of settings.</summary>
internal static class SchemaWriter
{
    /// <summary>The schema, draft 2020-12, ending in a line break.</summary>
    public static byte[] Write()
    {
        using var buffer = new MemoryStream();
        // The escaper is relaxed because this is a file for people, never part of a page.
        var options = new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var schema = new Utf8JsonWriter(buffer, options))
        {
            schema.WriteStartObject();
            schema.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
            schema.WriteString("title", "gateway.json");
            schema.WriteString("description", "Configuration of the gateway. Written from the table that the gateway itself reads by.");
            GatewaySettings.Root.WriteSchema(schema);
            schema.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }
}
