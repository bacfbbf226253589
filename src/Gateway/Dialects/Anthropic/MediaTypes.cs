using System.Text;
using Gateway.Protocol;

namespace Gateway.Dialects.Anthropic;

/// <summary>Types of images and documents. This wire checks the declared type against the bytes, so the bytes decide.</summary>
internal static class MediaTypes
{
    /// <summary>The type of base64 image data.</summary>
    /// <returns>Null when it is none this wire takes.</returns>
    public static string? Image(MediaSource source)
    {
        var data = source.Data!;
        if (Begins(data, "iVBORw0KGgo"))
            return "image/png";
        if (Begins(data, "/9j/"))
            return "image/jpeg";
        if (Begins(data, "R0lGOD"))
            return "image/gif";
        if (Begins(data, "UklGR") && data.Length > 16 && data.AsSpan(12, 4).SequenceEqual("RUJQ"))
            return "image/webp";
        return Essence(source.MediaType) switch
        {
            "image/png" => "image/png",
            "image/jpeg" or "image/jpg" => "image/jpeg",
            "image/gif" => "image/gif",
            "image/webp" => "image/webp",
            _ => null,
        };
    }

    /// <summary>Whether base64 data is a PDF.</summary>
    public static bool IsPdf(MediaSource source) =>
        Begins(source.Data!, "JVBERi") || Essence(source.MediaType) is "application/pdf" or "application/x-pdf";

    /// <summary>The text of base64 data that is text, or null.</summary>
    public static string? TextOf(MediaSource source)
    {
        var type = Essence(source.MediaType);
        if (type is null || !(type.StartsWith("text/", StringComparison.Ordinal) || type is "application/json" or "application/xml" or "application/yaml" or "application/x-ndjson"))
            return null;
        var bytes = new byte[source.Data!.Length];
        if (!Convert.TryFromBase64String(source.Data, bytes, out var length))
            return null;
        return Encoding.UTF8.GetString(bytes.AsSpan(0, length));
    }

    private static bool Begins(string data, string head) => data.StartsWith(head, StringComparison.Ordinal);

    private static string? Essence(string? type)
    {
        if (type is null)
            return null;
        var end = type.IndexOf(';', StringComparison.Ordinal);
        return (end < 0 ? type : type[..end]).Trim().ToLowerInvariant();
    }
}
