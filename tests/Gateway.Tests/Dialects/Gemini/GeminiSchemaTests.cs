using System.Text.Json;
using Gateway.Dialects;
using Gateway.Dialects.Gemini.Schemas;
using Gateway.Protocol;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Dialects.Gemini;

public class GeminiSchemaTests
{
    [Theory]
    // references are put in place
    [InlineData("""{"$ref":"#/$defs/P","$defs":{"P":{"type":"object","properties":{"n":{"$ref":"#/$defs/N"}}},"N":{"type":"string"}}}""", """{"type":"object","properties":{"n":{"type":"string"}}}""")]
    [InlineData("""{"type":"object","properties":{"n":{"$ref":"#/definitions/N","description":"mine"}},"definitions":{"N":{"type":"string","description":"theirs"}}}""", """{"type":"object","properties":{"n":{"description":"mine","type":"string"}}}""")]
    // lists of types
    [InlineData("""{"type":["string","null"]}""", """{"type":"string","nullable":true}""")]
    [InlineData("""{"type":["string","integer"],"description":"d","minLength":2}""", """{"anyOf":[{"type":"string","minLength":2,"description":"d"},{"type":"integer","description":"d"}]}""")]
    // alternatives
    [InlineData("""{"oneOf":[{"type":"string"},{"type":"null"}]}""", """{"type":"string","nullable":true}""")]
    [InlineData("""{"description":"d","anyOf":[{"type":"string"},{"type":"integer"},{"type":"null"}]}""", """{"anyOf":[{"type":"string","description":"d","nullable":true},{"type":"integer","description":"d","nullable":true}]}""")]
    // one value
    [InlineData("""{"const":"a"}""", """{"enum":["a"],"type":"string"}""")]
    [InlineData("""{"enum":["a",null]}""", """{"nullable":true,"enum":["a"],"type":"string"}""")]
    // all of several
    [InlineData("""{"allOf":[{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]},{"properties":{"b":{"type":"integer"}},"required":["b"]}]}""", """{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"integer"}},"required":["a","b"]}""")]
    [InlineData("""{"type":"integer","minimum":1,"allOf":[{"minimum":3,"maximum":9}]}""", """{"type":"integer","minimum":3,"maximum":9}""")]
    // bounds of whole numbers
    [InlineData("""{"type":"integer","exclusiveMinimum":0,"exclusiveMaximum":10}""", """{"type":"integer","minimum":1,"maximum":9}""")]
    // remarks, and objects without properties
    [InlineData("""{"$schema":"x","$id":"y","type":"object","properties":{},"$comment":"c","examples":[{}]}""", """{"type":"object"}""")]
    public void ToOpenApi_Sayable_LosesNothing(string schema, string expected)
    {
        var lost = new List<string>();
        JsonSame.Assert(expected, SchemaToOpenApi.Convert(GeminiRig.Raw(schema), lost).ToString());
        Assert.Empty(lost);
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","format":"email"}},"additionalProperties":false}""", """{"type":"object","properties":{"a":{"type":"string"}}}""", "properties.a.format,additionalProperties")]
    [InlineData("""{"type":"integer","enum":[1,2]}""", """{"type":"integer"}""", "enum")]
    [InlineData("""{"const":true}""", """{"type":"boolean"}""", "enum")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"required":["a","b"]}""", """{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}""", "required (of an unknown property)")]
    [InlineData("""{"type":"array"}""", """{"type":"array","items":{"type":"string"}}""", "items (texts assumed)")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"anyOf":[{"required":["a"]},{"required":[]}]}""", """{"type":"object","properties":{"a":{"type":"string"}}}""", "anyOf[0].required (of an unknown property),anyOf")]
    [InlineData("""{"type":"object","properties":{"next":{"$ref":"#"}}}""", """{"type":"object","properties":{"next":{"type":"object"}}}""", "properties.next.properties.next.$ref")]
    [InlineData("""{"type":"string","not":{"const":"a"},"if":{},"then":{},"uniqueItems":true}""", """{"type":"string"}""", "not,if,then,uniqueItems")]
    public void ToOpenApi_Unsayable_IsReported(string schema, string expected, string lostPaths)
    {
        var lost = new List<string>();
        var converted = SchemaToOpenApi.Convert(GeminiRig.Raw(schema), lost).ToString();
        if (!schema.Contains("\"#\"", StringComparison.Ordinal))
        {
            JsonSame.Assert(expected, converted);
            Assert.Equal(lostPaths.Split(','), lost);
        }
        else
        {
            Assert.Contains(lost, path => path.EndsWith("$ref", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#/definitions/N","description":"d"}},"definitions":{"N":{"type":"string"}},"additionalProperties":false}""", """{"type":"object","properties":{"a":{"anyOf":[{"$ref":"#/$defs/N"}],"description":"d"}},"$defs":{"N":{"type":"string"}},"additionalProperties":false}""", "")]
    [InlineData("""{"type":"object","properties":{"next":{"$ref":"#"}}}""", """{"type":"object","properties":{"next":{"$ref":"#"}}}""", "")]
    [InlineData("""{"allOf":[{"$ref":"#/$defs/A"},{"properties":{"b":{"const":2}}}],"$defs":{"A":{"type":"object","properties":{"a":{"type":"string","pattern":"x"}}}}}""", """{"$defs":{"A":{"type":"object","properties":{"a":{"type":"string"}}}},"type":"object","properties":{"a":{"type":"string"},"b":{"enum":[2]}}}""", "$defs.A.properties.a.pattern,allOf.properties.a.pattern")]
    [InlineData("""{"type":"string","minLength":1,"default":"a"}""", """{"type":"string"}""", "minLength,default")]
    [InlineData("""{"oneOf":[{"type":"string"},{"type":"null"}]}""", """{"anyOf":[{"type":"string"},{"type":"null"}]}""", "")]
    public void ToJsonSubset_Schema_KeepsWhatIsTaken(string schema, string expected, string lostPaths)
    {
        var lost = new List<string>();
        JsonSame.Assert(expected, SchemaToJsonSubset.Convert(GeminiRig.Raw(schema), lost).ToString());
        Assert.Equal(lostPaths.Split(',', StringSplitOptions.RemoveEmptyEntries), lost);
    }

    [Theory]
    [InlineData("""{"type":"OBJECT","properties":{"a":{"type":"STRING","nullable":true},"b":{"type":"ARRAY","items":{"type":"NUMBER"},"minItems":"2"}},"required":["a"]}""", """{"type":"object","properties":{"a":{"type":["string","null"]},"b":{"type":"array","items":{"type":"number"},"minItems":2}},"required":["a"]}""")]
    [InlineData("""{"any_of":[{"type":"STRING"},{"type":"INTEGER"}],"nullable":true}""", """{"anyOf":[{"type":"string"},{"type":"integer"},{"type":"null"}]}""")]
    [InlineData("""{"type":"STRING","format":"enum","enum":["A"],"example":"A"}""", """{"type":"string","enum":["A"],"examples":["A"]}""")]
    public void FromOpenApi_GooglesForm_IsJsonSchema(string schema, string expected)
    {
        using var document = JsonDocument.Parse(schema);
        JsonSame.Assert(expected, SchemaFromOpenApi.Convert(document.RootElement).ToString());
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}}}""", true, true)]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false}""", true, false)]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false}""", false, true)]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","pattern":"x"}}}""", true, true)]
    public void Choose_Form_IsTheOneThatLosesLess(string schema, bool takesJson, bool isOpenApi) =>
        Assert.Equal(isOpenApi, GeminiSchemas.Choose(GeminiRig.Raw(schema), takesJson, "s", new DroppedMembers()).IsOpenApi);

    [Fact]
    public void Convert_ReferencesThatDouble_AreRefused()
    {
        var names = Enumerable.Range(0, 30).Select(i => $"\"D{i}\":{{\"properties\":{{\"a\":{{\"$ref\":\"#/$defs/D{i + 1}\"}},\"b\":{{\"$ref\":\"#/$defs/D{i + 1}\"}}}}}}");
        var schema = $$"""{"$ref":"#/$defs/D0","$defs":{ {{string.Join(',', names)}},"D30":{"type":"string"} } }""";
        Assert.Throws<RequestFormatException>(() => SchemaToOpenApi.Convert(GeminiRig.Raw(schema), []));
    }

    [Fact]
    public void Convert_AlternativesWithinRepeatedProperties_DoNotMultiply()
    {
        var schema = """{"type":"string"}""";
        for (var i = 0; i < 40; i++)
            schema = $$"""{"type":"object","properties":{"x":{{schema}}},"anyOf":[{"type":"object"},{"type":"string"}]}""";
        var lost = new List<string>();
        Assert.True(SchemaToOpenApi.Convert(GeminiRig.Raw(schema), lost).Utf8.Length < schema.Length);
        Assert.NotEmpty(lost);
    }
}
