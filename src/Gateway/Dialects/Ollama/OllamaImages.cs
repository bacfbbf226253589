using Gateway.Protocol;

namespace Gateway.Dialects.Ollama;

/// <summary>Images are bare base64 on this wire, without their type: it is known by how their data begins.</summary>
internal static class OllamaImages
{
    /// <summary>The image.</summary>
    public static MediaSource Read(string data) => data.StartsWith("data:", StringComparison.OrdinalIgnoreCase)
        ? MediaSource.FromUrl(data)
        : new MediaSource { Data = data, MediaType = TypeOf(data) };

    /// <summary>The type, by the base64 of each format's first bytes.</summary>
    private static string TypeOf(string data) =>
        data.StartsWith("iVBORw0KGgo", StringComparison.Ordinal) ? "image/png"
        : data.StartsWith("R0lGOD", StringComparison.Ordinal) ? "image/gif"
        : data.StartsWith("UklGR", StringComparison.Ordinal) ? "image/webp"
        : "image/jpeg";
}
