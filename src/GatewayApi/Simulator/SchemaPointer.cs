using System.Globalization;
using System.Text.Json;

namespace GatewayApi.Simulator;

/// <summary>Resolves <c>$ref</c> within one schema: <c>#</c>, <c>#/$defs/name</c> and any other JSON Pointer.</summary>
internal static class SchemaPointer
{
    /// <summary>What the reference points at.</summary>
    /// <exception cref="SimulatorException">400 when it points nowhere.</exception>
    public static JsonElement Resolve(JsonElement root, string reference)
    {
        if (reference == "#")
            return root;
        if (!reference.StartsWith("#/", StringComparison.Ordinal))
            throw Missing(reference);

        var at = root;
        foreach (var step in reference[2..].Split('/'))
        {
            var name = Uri.UnescapeDataString(step).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            at = at.ValueKind == JsonValueKind.Array && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < at.GetArrayLength()
                ? at[index]
                : at.Member(name);
            if (!at.Exists())
                throw Missing(reference);
        }

        return at;
    }

    private static SimulatorException Missing(string reference) =>
        new(400, "Invalid schema: reference '" + reference + "' cannot be resolved.") { Code = "invalid_json_schema", Parameter = "response_format" };
}
