using System.Text.Json;

namespace Gateway.Dialects.OpenAi;

/// <summary>Values of a client's request. Null is the same as not said; a value of another type is the client's mistake and is named.</summary>
internal static class RequestValue
{
    /// <summary>A string.</summary>
    /// <exception cref="RequestFormatException">It is something else.</exception>
    public static string? Text(JsonElement value, string path) =>
        !value.Says() ? null : value.Text() ?? throw Wrong(path, "a string");

    /// <summary>A number.</summary>
    /// <inheritdoc cref="Text"/>
    public static double? Number(JsonElement value, string path) =>
        !value.Says() ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) ? number
        : throw Wrong(path, "a number");

    /// <summary>A whole number, also written as 1.0.</summary>
    /// <inheritdoc cref="Text"/>
    public static long? Integer(JsonElement value, string path)
    {
        if (!value.Says())
            return null;
        if (value.ValueKind == JsonValueKind.Number)
        {
            if (value.TryGetInt64(out var whole))
                return whole;
            if (value.TryGetDouble(out var number) && Math.Abs(number) < 9e18 && Math.Floor(number) == number)
                return (long)number;
        }

        throw Wrong(path, "an integer");
    }

    /// <summary>True or false.</summary>
    /// <inheritdoc cref="Text"/>
    public static bool? Flag(JsonElement value, string path) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => throw Wrong(path, "true or false"),
    };

    /// <summary>An object or nothing.</summary>
    /// <returns>Whether there is one.</returns>
    /// <inheritdoc cref="Text"/>
    public static bool IsObject(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.Object || (value.Says() ? throw Wrong(path, "an object") : false);

    /// <summary>An array or nothing.</summary>
    /// <returns>Whether there is one.</returns>
    /// <inheritdoc cref="Text"/>
    public static bool IsArray(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.Array || (value.Says() ? throw Wrong(path, "an array") : false);

    /// <summary>An array of objects or nothing.</summary>
    /// <returns>Each object and its path.</returns>
    /// <inheritdoc cref="Text"/>
    public static IEnumerable<(JsonElement Value, string Path)> Objects(JsonElement value, string path)
    {
        if (!IsArray(value, path))
            yield break;
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            var itemPath = $"{path}[{index++}]";
            yield return IsObject(item, itemPath) ? (item, itemPath) : throw Wrong(itemPath, "an object");
        }
    }

    /// <summary>What to throw for a value of the wrong type.</summary>
    public static RequestFormatException Wrong(string path, string what) => new($"'{path}' must be {what}.", path);

    /// <summary>What to throw for a missing member.</summary>
    public static RequestFormatException Missing(string path) => new($"Missing required parameter: '{path}'.", path);

    /// <summary>A member's name; one that is not text can't be written again and gets a stand-in.</summary>
    public static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return "\uFFFD"; // a lone surrogate
        }
    }
}
