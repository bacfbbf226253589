using System.Buffers;
using System.Text;
using System.Text.Json;

namespace GatewayApi.Simulator;

/// <summary>Makes up a JSON value that is valid for a JSON Schema: what structured outputs and tool arguments need.</summary>
/// <remarks>Not understood, and so not obeyed: not, if/then/else, dependent*, patternProperties, contains.</remarks>
internal sealed class SchemaSampler
{
    // From here on optional members are left out and the way out of a recursion is taken.
    private const int ShallowDepth = 6;
    private const int DeepestDepth = 48;

    private readonly JsonElement _root;
    private readonly Utf8JsonWriter _json;
    private readonly ulong _seed;

    private SchemaSampler(JsonElement root, Utf8JsonWriter json, ulong seed)
    {
        _root = root;
        _json = json;
        _seed = seed;
    }

    /// <summary>A value for the schema, as JSON text; other variations give other values where the schema leaves room.</summary>
    public static string Sample(JsonElement schema, ulong seed, int variation = 0)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(bytes, JsonWriting.Options);
        new SchemaSampler(schema, json, seed).Write(schema, string.Empty, 0, variation);
        json.Flush();
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>An object for callers that gave no schema.</summary>
    public static string Object(string prompt)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(bytes, JsonWriting.Options);
        json.WriteStartObject();
        json.WriteString("answer"u8, "A JSON object from the simulator.");
        json.WriteString("question"u8, prompt);
        json.WriteBoolean("simulated"u8, true);
        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private void Write(JsonElement schema, string name, int depth, int variation)
    {
        var rules = SchemaRules.Collect(schema, _root, avoidRecursion: depth >= ShallowDepth);
        if (rules.Find("const") is { ValueKind: not JsonValueKind.Undefined } constant)
        {
            _json.WriteRawValue(constant.Raw(), skipInputValidation: true);
            return;
        }

        if (rules.Find("enum") is { ValueKind: JsonValueKind.Array } values && values.GetArrayLength() > 0)
        {
            _json.WriteRawValue(values[variation % values.GetArrayLength()].Raw(), skipInputValidation: true);
            return;
        }

        switch (depth > DeepestDepth ? "null" : rules.Type(preferNull: depth >= ShallowDepth))
        {
            case "object":
                WriteObject(rules, depth, variation);
                break;
            case "array":
                WriteArray(rules, name, depth, variation);
                break;
            case "integer":
                _json.WriteNumberValue((long)ScalarSampler.Number(rules, whole: true, variation));
                break;
            case "number":
                _json.WriteNumberValue(ScalarSampler.Number(rules, whole: false, variation));
                break;
            case "boolean":
                _json.WriteBooleanValue(variation % 2 == 0);
                break;
            case "null":
                _json.WriteNullValue();
                break;
            default:
                _json.WriteStringValue(ScalarSampler.String(rules, name, _seed, variation));
                break;
        }
    }

    private void WriteObject(SchemaRules rules, int depth, int variation)
    {
        _json.WriteStartObject();
        var required = rules.Required();
        var written = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, schema) in rules.Properties())
        {
            if ((depth < ShallowDepth || required.Contains(name)) && written.Add(name))
                WriteMember(name, schema, depth, variation);
        }

        var others = rules.Find("additionalProperties");
        foreach (var name in required)
        {
            if (written.Add(name))
                WriteMember(name, others, depth, variation);
        }

        for (var i = 1; written.Count < rules.Integer("minProperties", 0); i++)
        {
            if (written.Add("key" + i))
                WriteMember("key" + i, others, depth, i);
        }

        _json.WriteEndObject();
    }

    private void WriteMember(string name, JsonElement schema, int depth, int variation)
    {
        _json.WritePropertyName(name);
        Write(schema, name, depth + 1, variation);
    }

    private void WriteArray(SchemaRules rules, string name, int depth, int variation)
    {
        var leading = rules.Find("prefixItems");
        var fixedItems = leading.ValueKind == JsonValueKind.Array ? leading.GetArrayLength() : 0;
        var items = rules.Find("items");
        var usual = depth >= ShallowDepth ? 0 : fixedItems > 0 ? fixedItems : 2;
        if (items.ValueKind == JsonValueKind.False)
            usual = Math.Min(usual, fixedItems);
        var most = rules.Integer("maxItems", int.MaxValue);
        var count = Math.Min(Math.Max(usual, rules.Integer("minItems", 0)), most);
        if (rules.Find("uniqueItems").ValueKind == JsonValueKind.True && fixedItems == 0)
            count = Math.Max(Math.Min(count, DistinctValues(items)), rules.Integer("minItems", 0));

        _json.WriteStartArray();
        for (var i = 0; i < count; i++)
            Write(i < fixedItems ? leading[i] : items, name, depth + 1, variation + i);
        _json.WriteEndArray();
    }

    private int DistinctValues(JsonElement items)
    {
        var rules = SchemaRules.Collect(items, _root, avoidRecursion: false);
        if (rules.Find("enum") is { ValueKind: JsonValueKind.Array } values)
            return values.GetArrayLength();
        return rules.Find("const").Exists() ? 1 : rules.Type(preferNull: false) == "boolean" ? 2 : int.MaxValue;
    }
}
