using Gateway.Protocol;

namespace Gateway.Dialects.BedrockConverse;

/// <summary>Converse's <c>format</c> words of media and documents, and the media types they stand for.</summary>
internal static class ConverseFormats
{
    private static readonly (string Format, string Type)[] Images =
        [("png", "image/png"), ("jpeg", "image/jpeg"), ("gif", "image/gif"), ("webp", "image/webp")];

    private static readonly (string Format, string Type)[] Documents =
    [
        ("pdf", "application/pdf"), ("csv", "text/csv"), ("doc", "application/msword"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"), ("xls", "application/vnd.ms-excel"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), ("html", "text/html"), ("txt", "text/plain"), ("md", "text/markdown"),
    ];

    private static readonly (string Format, string Type)[] Videos =
    [
        ("mp4", "video/mp4"), ("mov", "video/quicktime"), ("mkv", "video/x-matroska"), ("webm", "video/webm"), ("flv", "video/x-flv"),
        ("mpeg", "video/mpeg"), ("mpg", "video/mpg"), ("wmv", "video/x-ms-wmv"), ("three_gp", "video/3gpp"),
    ];

    // The first characters of the base64 of each kind of image; clients often name the wrong type, and the type is checked.
    private static readonly (string Head, string Format)[] ImageHeads =
        [("iVBORw0KGgo", "png"), ("/9j/", "jpeg"), ("R0lGOD", "gif"), ("UklGR", "webp")];

    /// <summary>An image's format, or null when it is none that Converse takes.</summary>
    public static string? Image(MediaSource source)
    {
        foreach (var (head, format) in ImageHeads)
        {
            if (source.Data?.StartsWith(head, StringComparison.Ordinal) == true)
                return format;
        }

        return source.MediaType is "image/jpg" ? "jpeg" : Find(Images, source.MediaType) ?? ByExtension(Images, source.Url);
    }

    /// <summary>A document's format, or null.</summary>
    public static string? Document(MediaSource source, string? name) =>
        Find(Documents, source.MediaType) ?? ByExtension(Documents, name) ?? ByExtension(Documents, source.Url)
        ?? (source.MediaType?.StartsWith("text/", StringComparison.Ordinal) == true ? "txt" : null);

    /// <summary>A video's format, or null.</summary>
    public static string? Video(MediaSource source) => Find(Videos, source.MediaType) ?? ByExtension(Videos, source.Url);

    /// <summary>An audio's format: the word the client used, or what its media type says, or null.</summary>
    public static string? Audio(MediaSource source, string? format) => format ?? source.MediaType switch
    {
        null => null,
        "audio/mpeg" => "mp3",
        "audio/x-wav" => "wav",
        var type when type.StartsWith("audio/", StringComparison.Ordinal) => type["audio/".Length..],
        _ => null,
    };

    /// <summary>The media type of an image's format.</summary>
    public static string? ImageType(string? format) => TypeOf(Images, format);

    /// <summary>The media type of a document's format.</summary>
    public static string? DocumentType(string? format) => TypeOf(Documents, format);

    /// <summary>The media type of a video's format.</summary>
    public static string? VideoType(string? format) => TypeOf(Videos, format);

    private static string? TypeOf((string Format, string Type)[] table, string? format) =>
        Array.Find(table, row => row.Format == format).Type;

    private static string? Find((string Format, string Type)[] table, string? type) =>
        type is null ? null : Array.Find(table, row => row.Type.Equals(type, StringComparison.OrdinalIgnoreCase)).Format;

    private static string? ByExtension((string Format, string Type)[] table, string? name)
    {
        var dot = name?.LastIndexOf('.') ?? -1;
        if (dot < 0)
            return null;
        var extension = name![(dot + 1)..].ToLowerInvariant() switch
        {
            "jpg" => "jpeg",
            "3gp" => "three_gp",
            "htm" => "html",
            "markdown" => "md",
            var other => other,
        };
        return Array.Find(table, row => row.Format == extension).Format;
    }
}
