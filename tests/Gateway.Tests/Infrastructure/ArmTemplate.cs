using System.Text.Json.Nodes;

namespace Gateway.Tests.Infrastructure;

/// <summary>A compiled template with those of its modules.</summary>
internal sealed record ArmTemplate(string Name, JsonObject Json, ArmTemplate[] Modules)
{
    /// <summary>Reads what the compiler wrote.</summary>
    public static ArmTemplate Parse(string json) => Read("main", JsonNode.Parse(json)!.AsObject());

    /// <summary>The templates of this one and of its modules.</summary>
    public IEnumerable<ArmTemplate> All => Modules.SelectMany(module => module.All).Prepend(this);

    /// <summary>The resources that it makes or names itself.</summary>
    public IEnumerable<JsonObject> Own => Listed(Json);

    /// <summary>Every resource that it makes, those of its modules included.</summary>
    public IEnumerable<JsonObject> Resources => All.SelectMany(template => template.Own).Where(resource => resource["existing"] is null);

    /// <summary>The resources of a type.</summary>
    public JsonObject[] OfType(string type) => [.. Resources.Where(resource => (string)resource["type"]! == type)];

    /// <summary>The names of its modules' resources of a type, each without the names above it.</summary>
    public string[] NamesOf(string type) => [.. OfType(type).Select(resource => ((string)resource["name"]!).Split('\'')).Select(parts => parts.Length > 2 ? parts[^2] : parts[0])];

    private static ArmTemplate Read(string name, JsonObject json) => new(
        name,
        json,
        [.. Listed(json).Where(resource => (string)resource["type"]! == "Microsoft.Resources/deployments")
            .Select(resource => Read(((string)resource["name"]!).Split('\'')[1].Split('-')[0], resource["properties"]!["template"]!.AsObject()))]);

    private static IEnumerable<JsonObject> Listed(JsonObject json) =>
        json["resources"] is JsonArray array ? array.Select(item => item!.AsObject()) : json["resources"]!.AsObject().Select(item => item.Value!.AsObject());
}
