using System.Text.Json;

namespace Gateway.Dialects;

/// <summary>Reads error bodies of providers.</summary>
internal static class ErrorJson
{
    /// <summary>Reads an error body; never throws. What is not JSON says nothing.</summary>
    /// <param name="body">The body.</param>
    /// <param name="read">Reads the error of its root.</param>
    public static ProviderErrorFacts Read(ReadOnlySpan<byte> body, Func<JsonElement, ProviderErrorFacts> read)
    {
        try
        {
            using var document = WireJson.Parse(body.ToArray());
            return read(document.RootElement);
        }
        catch (JsonException)
        {
            return ProviderErrorFacts.None;
        }
    }
}
