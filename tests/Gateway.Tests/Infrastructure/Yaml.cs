using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace Gateway.Tests.Infrastructure;

/// <summary>YAML files of the repository, as the JSON they amount to; all scalars are strings.</summary>
internal static class Yaml
{
    /// <summary>Reads a file that holds one document.</summary>
    public static JsonObject Read(string relative)
    {
        using var text = File.OpenText(RepositoryFiles.Path(relative));
        var stream = new YamlStream();
        stream.Load(text);
        return Convert(Assert.Single(stream.Documents).RootNode)!.AsObject();
    }

    private static JsonNode? Convert(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(c => KeyValuePair.Create(((YamlScalarNode)c.Key).Value!, Convert(c.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(Convert)]),
        _ => JsonValue.Create(((YamlScalarNode)node).Value),
    };
}
