using System.Text.Json;

namespace Gateway.Dialects.Anthropic;

/// <summary>Values of a client's request. Null is the same as not said; a value of another type is the client's mistake and is named.</summary>
internal static class AnthropicValue
{
    /// <summary>A string, or null.</summary>
    /// <exception cref="RequestFormatException">It is something else.</exception>
    public static string? Text(JsonElement parent, ReadOnlySpan<byte> name, string path)
    {
        var value = parent.Get(name);
        return !value.Says() ? null : value.Text() ?? throw Wrong(path, "a string");
    }

    /// <summary>A string that must be there.</summary>
    /// <inheritdoc cref="Text"/>
    public static string Needed(JsonElement parent, ReadOnlySpan<byte> name, string path) =>
        Text(parent, name, path) ?? throw new RequestFormatException($"{path}: Field required", path);

    /// <summary>A number, or null.</summary>
    /// <inheritdoc cref="Text"/>
    public static double? Number(JsonElement parent, ReadOnlySpan<byte> name, string path)
    {
        var value = parent.Get(name);
        return !value.Says() ? null : parent.Number(name) ?? throw Wrong(path, "a number");
    }

    /// <summary>A whole number, or null.</summary>
    /// <inheritdoc cref="Text"/>
    public static long? Integer(JsonElement parent, ReadOnlySpan<byte> name, string path)
    {
        var value = parent.Get(name);
        return !value.Says() ? null : parent.Integer(name) ?? throw Wrong(path, "an integer");
    }

    /// <summary>True or false, or null.</summary>
    /// <inheritdoc cref="Text"/>
    public static bool? Flag(JsonElement parent, ReadOnlySpan<byte> name, string path)
    {
        var value = parent.Get(name);
        return !value.Says() ? null : parent.Flag(name) ?? throw Wrong(path, "true or false");
    }

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

    /// <summary>What to throw for a value of the wrong type.</summary>
    public static RequestFormatException Wrong(string path, string what) => new($"{path}: Input should be {what}", path);
}
