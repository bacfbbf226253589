using System.Text.Json;

namespace GatewayApi.Simulator;

/// <summary>Answers <c>GET /v1/models</c> and <c>GET /v1/models/{id}</c>.</summary>
internal static class ModelsReply
{
    /// <summary>Writes the list.</summary>
    public static void WriteList(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        foreach (var model in SimulatorModel.All)
            Write(model, json);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Writes one model.</summary>
    public static void Write(SimulatorModel model, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, model.Id);
        json.WriteString("object"u8, "model"u8);
        json.WriteNumber("created"u8, ReplyFacts.ModelsCreated);
        json.WriteString("owned_by"u8, ReplyFacts.Owner);
        json.WriteEndObject();
    }
}
