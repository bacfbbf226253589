using System.Text;
using System.Text.Json;
using CsCheck;
using Gateway.Configuration;
using Gateway.Configuration.Documents;
using Gateway.Configuration.Settings;
using Gateway.Tests.Simulator;

namespace Gateway.Tests.Configuration.Routes;

public class RouteSchemaTests
{
    private static readonly JsonElement Schema = JsonDocument.Parse(SchemaWriter.Write()).RootElement;

    // Values that mean something somewhere, each of which may turn up anywhere.
    private static readonly string[] Values =
    [
        "\"openai/a\"", "\"openai\"", "\"eu\"", "\"priority\"", "\"user\"", "\"resume\"", "\"x-header\"", "1", "0", "1.5", "true", "null", "[]", "{}", "[\"openai/a\"]",
        "[\"openai/a\", \"openai/a\"]", "[{ \"target\": \"openai/a\", \"weight\": 2 }]", "[{ \"target\": 5 }]", "{ \"header\": \"x-header\" }", "{ \"header\": \"a b\" }",
        "[{ \"targets\": [\"openai/a\"], \"strategy\": \"hash\" }]", "[{ \"strategy\": \"hash\" }]", "{ \"max\": 3 }", "{ \"max\": 0 }", "{ \"most\": 3 }", "[\"eu\", \"us\"]", "[\"EU\"]",
    ];

    private static readonly string[] Names = ["targets", "groups", "strategy", "affinity", "rescue", "attempts", "residency", "retention", "strict", "unknownPrice", "other"];

    [Fact]
    public void Schema_AnyRoute_IsAcceptedExactlyWhenTheReaderTakesIt() =>
        Gen.Select(Gen.OneOf([.. Names.Select(Gen.Const)]), Gen.OneOf([.. Values.Select(Gen.Const)])).Array[0, 4].Sample(members =>
        {
            var route = string.Join(", ", members.DistinctBy(m => m.Item1).Select(m => $"\"{m.Item1}\": {m.Item2}"));
            var json = $$"""{ "routes": { "r": { {{route}} } } }""";
            if (!AssertSame(json)) Assert.NotEmpty(Configured.Build(json).Problems);
        }, iter: 5_000);

    [Theory]
    [InlineData("""{ "routes": { "r": { "targets": ["openai/a"] } } }""", true)]
    [InlineData("""{ "routes": { "r": { "targets": ["openai/a"], "groups": [ { "targets": ["openai/a"] } ] } } }""", false)]
    [InlineData("""{ "routes": { "r": { "strategy": "hash", "groups": [ { "targets": ["openai/a"] } ] } } }""", false)]
    [InlineData("""{ "routes": { "r": { "affinity": { "header": "x-session-id" }, "targets": ["openai/a", { "target": "openai/b", "keys": ["x"], "region": "eu-west-1", "residency": "eu", "maxConcurrency": 5, "spillAbove": 2 }] } } }""", true)]
    [InlineData("""{ "routes": { "r": { "targets": [ { "target": "openai/b", "keys": [] } ] } } }""", false)]
    [InlineData("""{ "providers": { "openai": { "residency": "eu", "retention": "30d", "maxConcurrency": 200 } } }""", true)]
    [InlineData("""{ "providers": { "openai": { "residency": "E U" } } }""", false)]
    [InlineData("""{ "keys": [ { "id": "k", "value": "env:K", "residency": ["eu"], "retention": ["none"] } ], "teams": { "t": { "residency": ["eu"] } } }""", true)]
    [InlineData("""{ "teams": { "t": { "residency": [] } } }""", false)]
    public void Schema_Example_IsJudgedAsTheReaderDoes(string json, bool isGood) => Assert.Equal(isGood, AssertSame(json));

    private static bool AssertSame(string json)
    {
        var problems = new ProblemList();
        var node = ConfigDocumentReader.Read(Encoding.UTF8.GetBytes(json), problems)!;
        GatewaySettings.Root.Check(node, JsonPath.Root, problems);
        var error = SchemaCheck.Error(JsonDocument.Parse(json).RootElement, Schema, Schema);
        Assert.True(problems.Items.Count == 0 == error is null, $"{json}\nschema: {error ?? "good"}\nreader: {string.Join("; ", problems.Items)}");
        return error is null;
    }
}
