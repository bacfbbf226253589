using System.Text;
using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Gemini;

/// <summary>Images, audio, video and documents: <c>inlineData</c> and <c>fileData</c>, both ways.</summary>
internal static class GeminiMedia
{
    private const string FilesAddress = "https://generativelanguage.googleapis.com/v1beta/";

    /// <summary>Reads the object of either member.</summary>
    /// <param name="media">The object.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="extras">What else the part says, or null.</param>
    public static ContentPart Read(JsonElement media, string path, List<ExtraMember>? extras)
    {
        var type = media.TextOf("mimeType"u8);
        var uri = media.TextOf("fileUri"u8);
        if (uri is null && media.Get("data"u8).ValueKind != JsonValueKind.String)
            throw new RequestFormatException($"{path} has neither data nor an address.", path);
        var source = uri is not null
            ? new MediaSource { Url = uri, MediaType = type }
            : new MediaSource { Data = GeminiJson.StandardBase64(media.Text("data"u8)!), MediaType = type };
        var name = media.TextOf("displayName"u8);
        var kind = KindOf(type ?? (uri is null ? null : TypeOfAddress(uri)));
        if (name is not null && kind != "document")
            (extras ??= []).Add(new ExtraMember(Operation.GenerateContent, $"{path}.displayName", "displayName", RawJson.Of(media.Member("displayName"u8))));
        return kind switch
        {
            "image" => new ImagePart(source) { Extras = extras },
            "audio" => new AudioPart(source) { Format = AudioFormat(type), Extras = extras },
            "video" => new VideoPart(source) { Extras = extras },
            _ => new DocumentPart(source) { Name = name, Extras = extras },
        };
    }

    /// <summary>Writes the member for a source.</summary>
    /// <param name="writer">Stands within the part's object.</param>
    /// <param name="source">Where the media is.</param>
    /// <param name="fallbackType">The type when neither the client said one nor the data shows it.</param>
    /// <param name="displayName">A name, for Vertex AI only, or null.</param>
    public static void Write(Utf8JsonWriter writer, MediaSource source, string fallbackType, string? displayName)
    {
        var address = source.Url ?? (source.FileId is { } id ? FileAddress(id) : null);
        writer.WriteStartObject(address is null ? "inlineData"u8 : "fileData"u8);
        var type = source.MediaType
            ?? (address is null ? TypeOfData(source.Data!) : TypeOfAddress(address))
            ?? fallbackType;
        writer.WriteText("mimeType"u8, type);
        if (address is null)
            writer.WriteString("data"u8, source.Data);
        else
            writer.WriteText("fileUri"u8, address);
        if (displayName is not null)
            writer.WriteText("displayName"u8, displayName);
        writer.WriteEndObject();
    }

    /// <summary>Writes a text as the document it is.</summary>
    public static void WriteText(Utf8JsonWriter writer, string text, string? type, string? displayName) =>
        Write(writer, new MediaSource { Data = Convert.ToBase64String(Encoding.UTF8.GetBytes(text)), MediaType = type ?? "text/plain" }, "text/plain", displayName);

    /// <summary>Whether the provider fetches an address itself.</summary>
    public static bool TakesAddress(string url, bool isVertex) =>
        url.StartsWith("gs://", StringComparison.OrdinalIgnoreCase) ? isVertex
        : IsVideoSite(url) || (!isVertex && url.StartsWith("https://generativelanguage.googleapis.com/", StringComparison.OrdinalIgnoreCase));

    /// <summary>The media type for audio of a format in OpenAI's words.</summary>
    public static string AudioType(string? format) => format switch
    {
        null or "wav" => "audio/wav",
        "pcm16" => "audio/pcm",
        _ => "audio/" + format,
    };

    private static string FileAddress(string id) => id.StartsWith("files/", StringComparison.Ordinal)
        ? FilesAddress + id
        : throw new RequestFormatException($"The file '{id}' is not one of this provider's.");

    private static string KindOf(string? type) =>
        type is null ? "document"
        : type.StartsWith("image/", StringComparison.OrdinalIgnoreCase) ? "image"
        : type.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) ? "audio"
        : type.StartsWith("video/", StringComparison.OrdinalIgnoreCase) ? "video"
        : "document";

    private static string? AudioFormat(string? type)
    {
        var name = type?[6..].Split(';')[0].Trim().ToLowerInvariant();
        return name switch
        {
            null or "" => null,
            "mpeg" => "mp3",
            "x-wav" or "wave" => "wav",
            "l16" or "pcm" => "pcm16",
            _ => name,
        };
    }

    /// <summary>The type that the first bytes show, or null.</summary>
    private static string? TypeOfData(string base64) =>
        base64.StartsWith("iVBORw0KGgo", StringComparison.Ordinal) ? "image/png"
        : base64.StartsWith("/9j/", StringComparison.Ordinal) ? "image/jpeg"
        : base64.StartsWith("R0lGOD", StringComparison.Ordinal) ? "image/gif"
        : base64.StartsWith("UklGR", StringComparison.Ordinal) && base64.AsSpan(0, Math.Min(24, base64.Length)).Contains("XRUJQ", StringComparison.Ordinal) ? "image/webp"
        : base64.StartsWith("JVBERi", StringComparison.Ordinal) ? "application/pdf"
        : null;

    private static string? TypeOfAddress(string url)
    {
        if (IsVideoSite(url))
            return "video/mp4";
        var end = url.AsSpan().IndexOfAny('?', '#');
        var path = end < 0 ? url : url[..end];
        var dot = path.LastIndexOf('.');
        return dot <= path.LastIndexOf('/') ? null : path[(dot + 1)..].ToLowerInvariant() switch
        {
            "png" => "image/png",
            "jpg" or "jpeg" => "image/jpeg",
            "gif" => "image/gif",
            "webp" => "image/webp",
            "heic" => "image/heic",
            "pdf" => "application/pdf",
            "txt" => "text/plain",
            "csv" => "text/csv",
            "html" => "text/html",
            "md" => "text/markdown",
            "mp3" => "audio/mp3",
            "wav" => "audio/wav",
            "flac" => "audio/flac",
            "ogg" => "audio/ogg",
            "mp4" => "video/mp4",
            "mov" => "video/mov",
            "webm" => "video/webm",
            "mpeg" or "mpg" => "video/mpeg",
            _ => null,
        };
    }

    private static bool IsVideoSite(string url) =>
        url.StartsWith("https://www.youtube.com/", StringComparison.OrdinalIgnoreCase)
        || url.StartsWith("https://youtube.com/", StringComparison.OrdinalIgnoreCase)
        || url.StartsWith("https://youtu.be/", StringComparison.OrdinalIgnoreCase);
}
