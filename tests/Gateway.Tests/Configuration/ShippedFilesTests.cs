using System.Text;
using System.Text.Json;
using Gateway.Configuration;
using Gateway.Configuration.Settings;

namespace Gateway.Tests.Configuration;

public class ShippedFilesTests
{
    private const string SchemaFile = "src/GatewayApi/gateway.schema.json";
    private const string DocumentationFile = "docs/configuration.md";

    [Fact]
    public void Schema_Shipped_IsTheOneTheReaderUses()
    {
        var path = RepositoryFiles.Path(SchemaFile);
        var expected = SchemaWriter.Write();
        // After changing the table of settings, run these tests once with UPDATE_SCHEMA=1.
        if (Updating) File.WriteAllBytes(path, expected);
        Assert.Equal(Encoding.UTF8.GetString(expected), File.ReadAllText(path).ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Schema_EveryDefault_IsWhatTheReaderFillsIn()
    {
        var written = Configured.Build("{ " + string.Join(", ", WithDefaults(GatewaySettings.Root)) + " }");
        var empty = Configured.Build("{}");
        Assert.Empty(written.Problems);
        Assert.Equal(
            Encoding.UTF8.GetString(EffectiveConfiguration.Write(empty.Config!, empty.Providers)),
            Encoding.UTF8.GetString(EffectiveConfiguration.Write(written.Config!, written.Providers)));
    }

    [Fact]
    public void Schema_EveryObject_RefusesUnknownNamesAndDescribesItsSettings()
    {
        using var schema = JsonDocument.Parse(SchemaWriter.Write());
        var objects = 0;
        Visit(schema.RootElement);
        Assert.True(objects > 10);

        void Visit(JsonElement element)
        {
            if (element.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in element.EnumerateArray()) Visit(item);
            }

            if (element.ValueKind != JsonValueKind.Object) return;
            if (element.TryGetProperty("properties", out var properties))
            {
                objects++;
                Assert.False(element.GetProperty("additionalProperties").GetBoolean());
                foreach (var property in properties.EnumerateObject())
                    Assert.EndsWith(".", property.Value.GetProperty("description").GetString(), StringComparison.Ordinal);
            }

            foreach (var member in element.EnumerateObject()) Visit(member.Value);
        }
    }

    [Fact]
    public void Example_Shipped_IsGoodAndNamesTheSchema()
    {
        var path = RepositoryFiles.Path("gateway.example.json");
        var build = ConfigurationBuild.FromFile(path, optional: false, Configured.Inputs());
        Assert.Empty(build.Problems);
        Assert.Contains($"\"$schema\": \"{SchemaFile}\"", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Documentation_Example_IsGood()
    {
        var example = Documentation().Split("```jsonc\n")[1].Split("```")[0];
        var build = Configured.Build(example, ("OPENAI_API_KEY", "sk-1"), ("GROQ_API_KEY", "gq"), ("CI_KEY", "vk-ci"));
        Assert.Empty(build.Problems);
    }

    [Fact]
    public void Documentation_Table_HasEverySettingWithItsDefaultAndRange()
    {
        const string begin = "<!-- settings -->\n", end = "<!-- /settings -->";
        var text = Documentation();
        var start = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var stop = text.IndexOf(end, StringComparison.Ordinal);
        var expected = "| Setting | Value | Default | |\n|---|---|---|---|\n" + string.Concat(Rows("", GatewaySettings.Root));
        if (Updating) File.WriteAllText(RepositoryFiles.Path(DocumentationFile), text[..start] + expected + text[stop..]);
        else Assert.Equal(expected, text[start..stop]);
    }

    private static bool Updating => Environment.GetEnvironmentVariable("UPDATE_SCHEMA") == "1";

    private static string Documentation() => File.ReadAllText(RepositoryFiles.Path(DocumentationFile)).ReplaceLineEndings("\n");

    private static IEnumerable<string> Rows(string prefix, ObjectShape section) => section.Settings.SelectMany(setting =>
    {
        var name = prefix + setting.Name;
        return setting.Shape switch
        {
            ObjectShape when prefix.Length > 0 && setting.Name == "timeouts" => [Row(name, setting, "as `timeouts`")],
            _ when name == "routes.*.rules" => [Row(name, setting, "as `rules`")],
            _ when name == "routes.*.groups[].targets" => [Row(name, setting, "as `routes.*.targets`")],
            EitherShape either => [Row(name, setting, setting.Shape.Expected), .. Rows(name + ".", either.Section)],
            ListShape { Item: EitherShape either } => [Row(name, setting, setting.Shape.Expected), .. Rows(name + "[].", either.Section)],
            ObjectShape inner => Rows(name + ".", inner),
            MapShape { Value: ObjectShape inner } => Rows(name + ".*.", inner),
            ListShape { Item: ObjectShape inner } => Rows(name + "[].", inner),
            _ => [Row(name, setting, setting.Shape.Expected)],
        };
    });

    private static string Row(string name, Setting setting, string value) =>
        $"| `{name}` | {value} | {(setting.Required ? "required" : setting.Default is { } text ? $"`{text}`" : "–")} | {setting.Description} |\n";

    private static IEnumerable<string> WithDefaults(ObjectShape section)
    {
        foreach (var setting in section.Settings)
        {
            if (setting.Default is { } value) yield return $"\"{setting.Name}\": {value}";
            else if (setting.Shape is ObjectShape inner && WithDefaults(inner).ToList() is { Count: > 0 } members)
                yield return $"\"{setting.Name}\": {{ {string.Join(", ", members)} }}";
        }
    }
}
