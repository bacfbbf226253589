using System.Text.Json.Nodes;

namespace Gateway.Tests.Infrastructure;

/// <summary>A Dapr component: of the runtime's own schema in components/local, of Container Apps' in components/azure.</summary>
internal sealed record ComponentFile(string Set, string Name, string Type, string Version, JsonObject[] Metadata, string[] Scopes)
{
    /// <summary>Both sets.</summary>
    public static readonly string[] Sets = ["local", "azure"];

    /// <summary>The names of a set's files, without extension.</summary>
    public static string[] FilesOf(string set) =>
        [.. Directory.GetFiles(RepositoryFiles.Path("components/" + set), "*.yaml").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    /// <summary>The components of a set.</summary>
    public static ComponentFile[] All(string set) =>
        [.. FilesOf(set).Where(name => !name.Contains("-subscription", StringComparison.Ordinal) && !name.Contains("resiliency", StringComparison.Ordinal)).Select(name => Read(set, name))];

    private static ComponentFile Read(string set, string name)
    {
        var file = Yaml.Read($"components/{set}/{name}.yaml");
        if (set == "azure")
            return new(set, name, (string)file["componentType"]!, (string)file["version"]!, [.. file["metadata"].Objects()], file["scopes"].Strings());
        Assert.Equal(("dapr.io/v1alpha1", "Component", name), ((string)file["apiVersion"]!, (string)file["kind"]!, (string)file["metadata"]!["name"]!));
        var spec = file["spec"]!;
        return new(set, name, (string)spec["type"]!, (string)spec["version"]!, [.. spec["metadata"].Objects()], file["scopes"].Strings());
    }
}
