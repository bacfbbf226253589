using System.Text.Json;
using System.Text.RegularExpressions;

namespace Gateway.Tests.Simulator;

/// <summary>A plain JSON Schema validator for what the simulator claims to obey; written apart from the sampler so that it can disagree.</summary>
internal static class SchemaCheck
{
    /// <summary>The first thing wrong with the value, or null.</summary>
    public static string? Error(JsonElement value, JsonElement schema, JsonElement root, string at = "$")
    {
        if (schema.ValueKind is JsonValueKind.True)
            return null;
        if (schema.ValueKind is JsonValueKind.False)
            return at + ": nothing is allowed";
        foreach (var rule in schema.EnumerateObject())
        {
            if (Check(rule.Name, rule.Value, value, schema, root, at) is { } error)
                return error;
        }

        return null;
    }

    private static string? Check(string rule, JsonElement operand, JsonElement value, JsonElement schema, JsonElement root, string at)
    {
        var isNumber = value.ValueKind == JsonValueKind.Number;
        var isText = value.ValueKind == JsonValueKind.String;
        var isArray = value.ValueKind == JsonValueKind.Array;
        var isObject = value.ValueKind == JsonValueKind.Object;
        return rule switch
        {
            "$ref" => Error(value, Follow(root, operand.GetString()!), root, at),
            "type" => Ok(operand.ValueKind == JsonValueKind.Array ? operand.EnumerateArray().Any(t => Is(value, t.GetString()!)) : Is(value, operand.GetString()!), at, "type"),
            "const" => Ok(JsonElement.DeepEquals(value, operand), at, "const"),
            "enum" => Ok(operand.EnumerateArray().Any(option => JsonElement.DeepEquals(value, option)), at, "enum"),
            "anyOf" => Ok(operand.EnumerateArray().Any(option => Error(value, option, root, at) is null), at, "anyOf"),
            "oneOf" => Ok(operand.EnumerateArray().Count(option => Error(value, option, root, at) is null) == 1, at, "oneOf"),
            "not" => Ok(Error(value, operand, root, at) is not null, at, "not"),
            "propertyNames" => isObject ? value.EnumerateObject().Select(member => Error(JsonSerializer.SerializeToElement(member.Name), operand, root, at)).FirstOrDefault(e => e is not null) : null,
            "maxProperties" => Ok(!isObject || value.EnumerateObject().Count() <= operand.GetInt32(), at, rule),
            "allOf" => operand.EnumerateArray().Select(part => Error(value, part, root, at)).FirstOrDefault(error => error is not null),
            "minimum" => Ok(!isNumber || value.GetDouble() >= operand.GetDouble(), at, rule),
            "maximum" => Ok(!isNumber || value.GetDouble() <= operand.GetDouble(), at, rule),
            "exclusiveMinimum" => Ok(!isNumber || value.GetDouble() > operand.GetDouble(), at, rule),
            "exclusiveMaximum" => Ok(!isNumber || value.GetDouble() < operand.GetDouble(), at, rule),
            "multipleOf" => Ok(!isNumber || Math.Abs(Math.IEEERemainder(value.GetDouble(), operand.GetDouble())) < 1e-9, at, rule),
            "minLength" => Ok(!isText || value.GetString()!.Length >= operand.GetInt32(), at, rule),
            "maxLength" => Ok(!isText || value.GetString()!.Length <= operand.GetInt32(), at, rule),
            "pattern" => Ok(!isText || Regex.IsMatch(value.GetString()!, operand.GetString()!), at, rule),
            "format" => Ok(!isText || Format(value.GetString()!, operand.GetString()!), at, rule),
            "minItems" => Ok(!isArray || value.GetArrayLength() >= operand.GetInt32(), at, rule),
            "maxItems" => Ok(!isArray || value.GetArrayLength() <= operand.GetInt32(), at, rule),
            "uniqueItems" => Ok(!isArray || value.EnumerateArray().Select(item => item.GetRawText()).Distinct().Count() == value.GetArrayLength(), at, rule),
            "prefixItems" => isArray ? value.EnumerateArray().Zip(operand.EnumerateArray(), (item, part) => Error(item, part, root, at + "[]")).FirstOrDefault(e => e is not null) : null,
            "items" => isArray ? value.EnumerateArray().Skip(schema.TryGetProperty("prefixItems", out var prefix) ? prefix.GetArrayLength() : 0)
                .Select(item => Error(item, operand, root, at + "[]")).FirstOrDefault(e => e is not null) : null,
            "required" => Ok(!isObject || operand.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _)), at, rule),
            "properties" => isObject ? operand.EnumerateObject().Select(property => value.TryGetProperty(property.Name, out var member)
                ? Error(member, property.Value, root, at + "." + property.Name) : null).FirstOrDefault(e => e is not null) : null,
            "additionalProperties" => isObject ? value.EnumerateObject().Where(member => !Declares(schema, member.Name))
                .Select(member => Error(member.Value, operand, root, at + "." + member.Name)).FirstOrDefault(e => e is not null) : null,
            "minProperties" => Ok(!isObject || value.EnumerateObject().Count() >= operand.GetInt32(), at, rule),
            "$defs" or "definitions" or "title" or "description" or "$schema" or "name" or "strict" or "default" => null,
            _ => throw new NotSupportedException(rule),
        };
    }

    private static string? Ok(bool ok, string at, string rule) => ok ? null : at + ": " + rule;

    private static bool Declares(JsonElement schema, string name) => schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out _);

    private static JsonElement Follow(JsonElement root, string reference) =>
        reference[1..].Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate(root, (at, step) => at.GetProperty(step));

    private static bool Is(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.GetDouble() % 1 == 0,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        _ => value.ValueKind == JsonValueKind.Null,
    };

    private static bool Format(string text, string format) => format switch
    {
        "date-time" => DateTimeOffset.TryParse(text, out _) && text.Contains('T', StringComparison.Ordinal),
        "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", out _),
        "uuid" => Guid.TryParseExact(text, "D", out _),
        "email" => text.Contains('@', StringComparison.Ordinal),
        "ipv4" or "ipv6" => System.Net.IPAddress.TryParse(text, out _),
        "uri" => Uri.IsWellFormedUriString(text, UriKind.Absolute),
        "time" => Regex.IsMatch(text, @"^\d\d:\d\d:\d\dZ$"),
        "duration" => text.StartsWith("PT", StringComparison.Ordinal),
        _ => text.Length > 0,
    };
}
