using System.Text.Json;
using Gateway.Protocol;
using Gateway.Secrets;
using Gateway.Transport;

namespace Gateway.Routing.Stored;

/// <summary>Puts the gateway's ids in the place of a provider's, for one owner, and back. Everything else in a document stays.</summary>
internal sealed class StoredIds(IdSeal seal, string owner)
{
    private const string FilePrefix = "file-gw_";
    private const string BatchPrefix = "batch_gw_";

    /// <summary>The gateway's id.</summary>
    public string Seal(Operation kind, string provider, string id) => seal.Seal(PrefixOf(kind), owner, provider, id);

    /// <summary>The provider and its id; null when the id is none of the owner's.</summary>
    public (string Provider, string Id)? Open(Operation kind, string? id) => seal.Open(PrefixOf(kind), owner, id);

    /// <summary>Writes a provider's file or batch for the owner.</summary>
    public void WriteForOwner(Utf8JsonWriter json, JsonElement found, Operation kind, string provider)
    {
        json.WriteStartObject();
        foreach (var member in found.EnumerateObject())
        {
            var kindOfId = member.Name switch
            {
                "id" => kind,
                "input_file_id" or "output_file_id" or "error_file_id" => Operation.Files,
                _ => default(Operation?),
            };
            if (kindOfId is { } known && member.Value.ValueKind == JsonValueKind.String && member.Value.GetString() is { Length: > 0 } id)
                json.WriteString(member.Name, Seal(known, provider, id));
            else
                member.WriteTo(json);
        }

        json.WriteEndObject();
    }

    /// <summary>Writes a batch that is to be made, for the provider.</summary>
    public static void WriteForProvider(PooledBuffer output, JsonElement asked, string inputFile)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        foreach (var member in asked.EnumerateObject())
        {
            if (member.NameEquals("input_file_id"u8))
                json.WriteString("input_file_id"u8, inputFile);
            else
                member.WriteTo(json);
        }

        json.WriteEndObject();
    }

    private static string PrefixOf(Operation kind) => kind == Operation.Files ? FilePrefix : BatchPrefix;
}
