using System.Text.Json;

namespace Gateway.Tests.Testing;

/// <summary>Compares JSON as values: order of members and spelling of numbers don't matter.</summary>
internal static class JsonSame
{
    public static void Assert(string expected, string actual)
    {
        using var left = JsonDocument.Parse(expected);
        using var right = JsonDocument.Parse(actual);
        if (!JsonElement.DeepEquals(left.RootElement, right.RootElement))
            Xunit.Assert.Equal(Indented(left), Indented(right));
    }

    private static string Indented(JsonDocument document)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
            document.WriteTo(writer);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
