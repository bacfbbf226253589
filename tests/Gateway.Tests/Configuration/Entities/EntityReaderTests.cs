using System.Text;
using System.Text.Json;
using Gateway.Admission.Directory;
using Gateway.Configuration.Entities;

namespace Gateway.Tests.Configuration.Entities;

public class EntityReaderTests
{
    private const string Whole =
        """
        { "id": "ann.laptop", "name": "Ann", "disabled": true, "user": "ann", "models": ["fast", "openai/*"], "providers": ["openai"], "residency": ["eu"], "retention": ["none", "30d"],
          "budgets": [ { "name": "month", "amount": 10.500000001, "timeZone": "Europe/Berlin", "alertAt": [50, 90], "models": ["fast"] },
                       { "name": "day", "unit": "tokens", "amount": 100, "window": "1d", "rolling": true, "whenExceeded": "clamp", "whenUnavailable": "allow" } ],
          "rateLimits": [ { "name": "rpm", "amount": 60 }, { "name": "tps", "unit": "tokens", "amount": 1000, "window": "10s", "providers": ["openai"], "whenUnavailable": "refuse" } ],
          "maxParallel": 4, "maxBytesInFlight": 1048576, "expires": "2027-01-31T02:00:00+02:00", "allowedNetworks": ["10.0.0.0/8", "2001:db8::/32", "192.0.2.7"],
          "routes": ["fast"], "tags": ["ci"], "mcpTools": ["files.*"], "guardrailProfile": "strict", "cachePolicy": "none", "metadata": { "owner": "Ann" } }
        """;

    [Fact]
    public void Read_EverythingWritten_ComesBackFromTheWriter()
    {
        var read = EntityReader.Read(EntityKind.Key, Encoding.UTF8.GetBytes(Whole));
        Assert.Empty(read.Problems);
        var key = (KeyEntity)read.Entity! with { Hashes = [new KeyHash(new byte[32]), new KeyHash(Enumerable.Repeat((byte)1, 32).ToArray(), DateTimeOffset.UnixEpoch)] };
        Assert.Equal(new DateTimeOffset(2027, 1, 31, 0, 0, 0, TimeSpan.Zero), key.Expires);
        Assert.Equal(10.500000001m, key.Budgets[0].Amount);
        var format = new EntityFormat();
        var bytes = format.Write(key);
        Assert.Equal(Encoding.UTF8.GetString(bytes), Encoding.UTF8.GetString(format.Write(format.Read(EntityKind.Key, bytes))));
        Assert.Empty(format.Check(key));
        using var json = JsonDocument.Parse(bytes);
        using var wrote = JsonDocument.Parse(Whole);
        foreach (var member in wrote.RootElement.EnumerateObject())
            Assert.True(json.RootElement.TryGetProperty(member.Name, out _), member.Name);
    }

    [Fact]
    public void Write_ForTheApi_HoldsNoHash()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            EntityWriter.WriteMembers(json, new KeyEntity { Id = "k", Hashes = [new KeyHash(new byte[32])] });
            json.WriteEndObject();
        }

        Assert.Equal("""{"id":"k"}""", Encoding.UTF8.GetString(buffer.ToArray()));
    }

    [Theory]
    [InlineData("key", """{ "model": [] }""", "$.model", "did you mean \"models\"")]
    [InlineData("key", """{ "hashes": [] }""", "$.hashes", "is not a setting")]
    [InlineData("key", """{ "user": "a", "team": "b" }""", "$.team", "contradicts user")]
    [InlineData("user", """{ "team": "a", "customer": "b" }""", "$.customer", "contradicts team")]
    [InlineData("customer", """{ "team": "a" }""", "$.team", "is not a setting")]
    [InlineData("customer", """{ "weight": 101 }""", "$.weight", "from 1 to 100")]
    [InlineData("key", """{ "allowedNetworks": ["10.0.0.1/8"] }""", "$.allowedNetworks[0]", "write \"10.0.0.0/8\"")]
    [InlineData("key", """{ "allowedNetworks": ["here"] }""", "$.allowedNetworks[0]", "must be a network")]
    [InlineData("key", """{ "expires": "2027-01-31" }""", "$.expires", "moment")]
    [InlineData("key", """{ "tags": ["a b"] }""", "$.tags[0]", "without spaces")]
    [InlineData("team", """{ "models": ["*", "a"] }""", "$.models", "no effect")]
    [InlineData("team", """{ "providers": ["OpenAI"] }""", "$.providers[0]", "provider's id")]
    [InlineData("team", """{ "residency": ["E U"] }""", "$.residency[0]", "lower-case")]
    [InlineData("team", """{ "budgets": [ { "name": "b" } ] }""", "$.budgets[0].amount", "missing")]
    [InlineData("team", """{ "budgets": [ { "name": "b", "amount": -1 } ] }""", "$.budgets[0].amount", "from 0")]
    [InlineData("team", """{ "budgets": [ { "name": "b", "amount": 9000000001 } ] }""", "$.budgets[0].amount", "at most 9000000000")]
    [InlineData("team", """{ "budgets": [ { "name": "b", "amount": 1.5, "unit": "tokens" } ] }""", "$.budgets[0].amount", "whole number of tokens")]
    [InlineData("team", """{ "budgets": [ { "name": "b", "amount": 1, "window": "745h" } ] }""", "$.budgets[0].window", "744h")]
    [InlineData("team", """{ "budgets": [ { "name": "b", "amount": 1, "rolling": true } ] }""", "$.budgets[0].rolling", "30d")]
    [InlineData("team", """{ "budgets": [ { "name": "b", "amount": 1, "window": "1d", "timeZone": "Berlin" } ] }""", "$.budgets[0].timeZone", "IANA")]
    [InlineData("team", """{ "budgets": [ { "name": "b", "amount": 1, "window": "2h", "timeZone": "Europe/Berlin" } ] }""", "$.budgets[0].timeZone", "no effect")]
    [InlineData("team", """{ "budgets": [ { "name": "b", "amount": 1, "unit": "requests", "whenExceeded": "clamp" } ] }""", "$.budgets[0].whenExceeded", "no effect")]
    [InlineData("team", """{ "budgets": [ { "name": "b", "amount": 1, "alertAt": [90, 50] } ] }""", "$.budgets[0].alertAt[1]", "rising")]
    [InlineData("team", """{ "budgets": [ { "name": "b", "amount": 1 } ], "rateLimits": [ { "name": "b", "amount": 1 } ] }""", "$.rateLimits[0].name", "already the name")]
    [InlineData("team", """{ "rateLimits": [ { "name": "b", "amount": 1, "window": "2h" } ] }""", "$.rateLimits[0].window", "1h")]
    [InlineData("team", """{ "rateLimits": [ { "name": "maxParallel", "amount": 1 } ] }""", "$.rateLimits[0].name", "choose another")]
    public void Read_OneMistake_IsReportedWithItsPath(string kind, string json, string path, string message)
    {
        var read = EntityReader.Read(EntityKinds.Parse(kind)!.Value, Encoding.UTF8.GetBytes(json), "x");
        Assert.Null(read.Entity);
        var problem = Assert.Single(read.Problems);
        Assert.Equal(path, problem.Key);
        Assert.Contains(message, problem.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TooManyLimitsOrMetadata_IsRefused()
    {
        var limits = string.Join(",", Enumerable.Range(0, 20).Select(i => $$"""{ "name": "l{{i}}", "amount": 1 }"""));
        var both = $$"""{ "budgets": [{{limits}}], "rateLimits": [{{limits.Replace("\"l", "\"r", StringComparison.Ordinal)}}] }""";
        Assert.Contains("at most 32", Assert.Single(EntityReader.Read(EntityKind.Team, Encoding.UTF8.GetBytes(both), "x").Problems).Value, StringComparison.Ordinal);
        var metadata = string.Join(",", Enumerable.Range(0, 33).Select(i => $"\"m{i}\": \"x\""));
        Assert.Equal("$.metadata", Assert.Single(EntityReader.Read(EntityKind.Team, Encoding.UTF8.GetBytes($$"""{ "metadata": { {{metadata}} } }"""), "x").Problems).Key);
    }

    [Theory]
    [InlineData("{ \"id\": \"y\" }", "$.id")]
    [InlineData("{ \"id\": \"x\", ", "$")]
    [InlineData("[]", "$")]
    public void Read_WrongIdOrNoObject_IsRefused(string json, string path) =>
        Assert.Equal(path, Assert.Single(EntityReader.Read(EntityKind.Team, Encoding.UTF8.GetBytes(json), "x").Problems).Key);
}
