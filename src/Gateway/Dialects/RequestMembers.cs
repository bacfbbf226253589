using System.Text;
using System.Text.Json;

namespace Gateway.Dialects;

/// <summary>Members of a client's request, by type. Absent and null members are null; one of another type is the client's error.</summary>
internal static class RequestMembers
{
    /// <summary>The root of a request.</summary>
    /// <exception cref="RequestFormatException">It is not an object.</exception>
    public static JsonElement Root(JsonDocument document) => document.RootElement.ValueKind == JsonValueKind.Object
        ? document.RootElement
        : throw new RequestFormatException("The request body must be a JSON object.");

    /// <summary>A text.</summary>
    public static string? TextOf(this JsonElement element, ReadOnlySpan<byte> name, string path = "") =>
        element.Checked(name, path, "a string", JsonValueKind.String).Text();

    /// <summary>A number.</summary>
    public static double? NumberOf(this JsonElement element, ReadOnlySpan<byte> name, string path = "") =>
        element.Checked(name, path, "a number", JsonValueKind.Number).Says() ? element.Number(name) : null;

    /// <summary>A whole number.</summary>
    public static long? IntegerOf(this JsonElement element, ReadOnlySpan<byte> name, string path = "") =>
        element.Checked(name, path, "a number", JsonValueKind.Number).Says() ? element.Integer(name) : null;

    /// <summary>True or false.</summary>
    public static bool? FlagOf(this JsonElement element, ReadOnlySpan<byte> name, string path = "")
    {
        if (element.Get(name).ValueKind == JsonValueKind.True)
            return true;
        return element.Checked(name, path, "true or false", JsonValueKind.False).Says() ? false : null;
    }

    /// <summary>An array; undefined when absent or null.</summary>
    public static JsonElement ArrayOf(this JsonElement element, ReadOnlySpan<byte> name, string path = "") =>
        element.Checked(name, path, "an array", JsonValueKind.Array);

    /// <summary>An object; undefined when absent or null.</summary>
    public static JsonElement ObjectOf(this JsonElement element, ReadOnlySpan<byte> name, string path = "") =>
        element.Checked(name, path, "an object", JsonValueKind.Object);

    /// <summary>The elements of an array; none when there is none.</summary>
    public static JsonElement.ArrayEnumerator Each(this JsonElement array) =>
        array.ValueKind == JsonValueKind.Array ? array.EnumerateArray() : default;

    private static JsonElement Checked(this JsonElement element, ReadOnlySpan<byte> name, string path, string what, JsonValueKind kind)
    {
        var value = element.Get(name);
        if (!value.Says())
            return default;
        if (value.ValueKind == kind)
            return value;
        var full = path.Length == 0 ? Encoding.UTF8.GetString(name) : $"{path}.{Encoding.UTF8.GetString(name)}";
        throw new RequestFormatException($"'{full}' must be {what}.", full);
    }
}
