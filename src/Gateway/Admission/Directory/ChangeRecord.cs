using System.Runtime.InteropServices;
using System.Text.Json;

namespace Gateway.Admission.Directory;

/// <summary>
/// The body of a change in the journal: <c>{"actor","entity","id","before","value"}</c>. The journal is thereby the audit log of changes, too.
/// </summary>
/// <param name="Actor">Who asked for it.</param>
/// <param name="EntityKind">Kind of the entity.</param>
/// <param name="Id">Its id.</param>
/// <param name="Before">The version it had before; 0: it was not there.</param>
/// <param name="Value">What it says now; null: it is gone.</param>
internal sealed record ChangeRecord(string Actor, EntityKind EntityKind, string Id, long Before, Entity? Value)
{
    /// <summary>The kind of these records.</summary>
    public const string Kind = "directory.change";

    /// <summary>Writes the body.</summary>
    public byte[] Write(IEntityFormat format)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("actor"u8, Actor);
            json.WriteString("entity"u8, EntityKinds.Word(EntityKind));
            json.WriteString("id"u8, Id);
            json.WriteNumber("before"u8, Before);
            json.WritePropertyName("value"u8);
            if (Value is null) json.WriteNullValue();
            else json.WriteRawValue(format.Write(Value));
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <summary>Reads a body.</summary>
    /// <exception cref="InvalidDataException">It is not a change.</exception>
    public static ChangeRecord Read(ReadOnlySpan<byte> body, IEntityFormat format)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && EntityKinds.Parse(root.GetProperty("entity"u8).GetString()) is { } kind)
            {
                var value = root.GetProperty("value"u8);
                return new ChangeRecord(
                    root.GetProperty("actor"u8).GetString() ?? "",
                    kind,
                    root.GetProperty("id"u8).GetString() ?? "",
                    root.GetProperty("before"u8).GetInt64(),
                    value.ValueKind == JsonValueKind.Null ? null : format.Read(kind, JsonMarshal.GetRawUtf8Value(value)));
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException("A change in the journal can't be read.", e);
        }

        throw new InvalidDataException("A change in the journal can't be read.");
    }
}
