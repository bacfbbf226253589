using System.Text.Json;

namespace Gateway.Dialects.Gemini.Schemas;

/// <summary>
/// Finds what a schema's references point at and notices those that point back at themselves. Also keeps what is made of a schema within
/// bounds: references to references can double with every step.
/// </summary>
internal sealed class SchemaRefs(JsonElement root)
{
    private const int MostSchemas = 20_000;
    private const int MostDepth = 100;

    private readonly List<string> _open = [];
    private int _schemas;
    private int _depth;

    /// <summary>Counts a schema that is begun; call <see cref="End"/> after.</summary>
    /// <exception cref="RequestFormatException">There are too many, or too deep.</exception>
    public void Begin()
    {
        if (++_schemas > MostSchemas || ++_depth > MostDepth)
            throw new RequestFormatException($"A schema is too large: at most {MostSchemas} schemas, {MostDepth} deep, can be made of it.");
    }

    /// <summary>Ends the schema begun last.</summary>
    public void End() => _depth--;

    /// <summary>Enters the schema a reference points at; call <see cref="Leave"/> after.</summary>
    /// <returns>False when it points nowhere, or at a schema that is being written.</returns>
    public bool TryEnter(string reference, out JsonElement target)
    {
        target = default;
        if (_open.Contains(reference) || !TryFind(reference, out target))
            return false;
        _open.Add(reference);
        return true;
    }

    /// <summary>Leaves the schema entered last.</summary>
    public void Leave() => _open.RemoveAt(_open.Count - 1);

    private bool TryFind(string reference, out JsonElement target)
    {
        target = root;
        if (reference == "#")
            return true;
        if (!reference.StartsWith("#/", StringComparison.Ordinal))
            return false;
        foreach (var step in reference[2..].Split('/'))
        {
            var name = Uri.UnescapeDataString(step).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (target.ValueKind == JsonValueKind.Array && int.TryParse(name, System.Globalization.CultureInfo.InvariantCulture, out var index) && index >= 0 && index < target.GetArrayLength())
                target = target[index];
            else if (target.ValueKind != JsonValueKind.Object || !target.TryGetProperty(name, out target))
                return false;
        }

        return true;
    }
}
