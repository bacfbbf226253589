using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Protocol;

namespace Gateway.Dialects.Gemini.Schemas;

/// <summary>The walk through a JSON Schema that the conversions into both of Gemini's forms share.</summary>
internal abstract class SchemaConversion(JsonElement root, List<string> lost)
{
    protected SchemaRefs Refs { get; } = new(root);

    /// <summary>The paths of what could not be kept.</summary>
    protected List<string> Lost { get; } = lost;

    /// <summary>Converts the whole schema.</summary>
    /// <exception cref="RequestFormatException">It is too large, or a string in it is no text.</exception>
    protected RawJson Convert() => GeminiSchemas.Raw(() => Whole(root, ""));

    /// <summary>A schema that stands for itself: built, and settled.</summary>
    protected JsonObject Whole(JsonElement schema, string path)
    {
        var result = Build(schema, path);
        Settle(result, path);
        return result;
    }

    /// <summary>What a schema says, as it may be merged into another.</summary>
    protected JsonObject Build(JsonElement schema, string path)
    {
        var result = new JsonObject();
        if (schema.ValueKind != JsonValueKind.Object)
        {
            if (schema.ValueKind != JsonValueKind.True)
                Lost.Add(path + "false");
            return result;
        }

        Refs.Begin();
        Fill(result, schema, path);
        Refs.End();
        return result;
    }

    /// <summary>Adds what the members of an object schema say.</summary>
    protected abstract void Fill(JsonObject result, JsonElement schema, string path);

    /// <summary>Last touches on a schema that is whole.</summary>
    protected abstract void Settle(JsonObject result, string path);

    /// <summary>Adds a member that both forms treat alike, or leaves it.</summary>
    protected void AddOther(JsonObject result, JsonElement schema, JsonProperty member, string path)
    {
        var value = member.Value;
        if (member.Name == "exclusiveMinimum" && SchemaValues.Inclusive(value, 1, IsInteger(schema)) is { } least)
            result["minimum"] = least;
        else if (member.Name == "exclusiveMaximum" && SchemaValues.Inclusive(value, -1, IsInteger(schema)) is { } most)
            result["maximum"] = most;
        else if (!SchemaValues.IsRemark(member.Name))
            Lost.Add(path + member.Name);
    }

    /// <summary>Values that the form can't enumerate: only their type is kept, where they have one in common.</summary>
    protected void LoseEnum(JsonObject result, List<JsonElement> values, string path)
    {
        Lost.Add(path + "enum");
        if (values.Select(SchemaValues.TypeOf).Distinct().ToList() is [{ } type])
            result.TryAdd("type", type);
    }

    /// <summary>Schemas by name.</summary>
    protected JsonObject Named(JsonElement schemas, string path)
    {
        var named = new JsonObject();
        foreach (var schema in schemas.EnumerateObject())
            named[schema.Name] = Whole(schema.Value, $"{path}{schema.Name}.");
        return named;
    }

    /// <summary>Notes members of a place as lost.</summary>
    protected Action<string> Lose(string path) => member => Lost.Add(path + member);

    private static bool IsInteger(JsonElement schema) => schema.Get("type"u8).Text() == "integer";
}
