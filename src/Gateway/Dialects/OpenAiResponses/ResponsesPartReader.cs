using System.Text.Json;
using Gateway.Dialects.OpenAi;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.OpenAiResponses;

/// <summary>Reads the content of messages and of tool results.</summary>
internal static class ResponsesPartReader
{
    /// <summary>Adds what the content says: a string or an array of parts.</summary>
    /// <exception cref="RequestFormatException">It is not content.</exception>
    public static void Read(JsonElement content, string path, List<ContentPart> parts)
    {
        switch (content.ValueKind)
        {
            case JsonValueKind.String:
                parts.Add(new TextPart(content.Text()!));
                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var element in content.EnumerateArray())
                    parts.Add(ReadPart(element, $"{path}[{index++}]"));
                break;
            default:
                throw RequestValue.Wrong(path, "a string or an array of content parts");
        }
    }

    private static ContentPart ReadPart(JsonElement element, string path)
    {
        if (element.ValueKind != JsonValueKind.Object || element.Text("type"u8) is not { } type)
            throw RequestValue.Missing($"{path}.type");
        var cache = element.Get("prompt_cache_breakpoint"u8).ValueKind == JsonValueKind.Object ? new CacheMark(null) : null;
        switch (type)
        {
            case "input_text" or "output_text" or "text":
                return Text(element, path, cache);
            case "refusal":
                return new RefusalPart(element.Text("refusal"u8) ?? "");
            case "input_image":
                return new ImagePart(Source(element.Text("image_url"u8), element.Text("file_id"u8)) ?? throw RequestValue.Missing($"{path}.image_url"))
                {
                    Detail = element.Text("detail"u8),
                    Cache = cache,
                };
            case "input_file":
                return new DocumentPart(Source(element.Text("file_data"u8) ?? element.Text("file_url"u8), element.Text("file_id"u8)) ?? throw RequestValue.Missing($"{path}.file_data"))
                {
                    Name = element.Text("filename"u8),
                    Cache = cache,
                };
            case "input_audio":
                var audio = element.Get("input_audio"u8);
                var format = audio.Text("format"u8);
                return new AudioPart(new MediaSource
                {
                    Data = audio.Text("data"u8) ?? throw RequestValue.Missing($"{path}.input_audio.data"),
                    MediaType = format is null ? null : AudioFormats.MediaType(format),
                })
                { Format = format, Cache = cache };
            default:
                return new OpaquePart(new ExtraMember(Operation.Responses, $"{path} ({type})", type, RawJson.Of(element)));
        }
    }

    private static TextPart Text(JsonElement element, string path, CacheMark? cache)
    {
        var annotations = element.Get("annotations"u8);
        return new TextPart(element.Text("text"u8) ?? throw RequestValue.Missing($"{path}.text"))
        {
            Cache = cache,
            Citations = annotations.ValueKind == JsonValueKind.Array && annotations.GetArrayLength() > 0 ? RawJson.Of(annotations) : default,
            CitationsOrigin = Operation.Responses,
        };
    }

    /// <summary>An address, data with or without a prefix, or a file's id.</summary>
    private static MediaSource? Source(string? address, string? id) =>
        address is { Length: > 0 } ? address.Contains(':', StringComparison.Ordinal) ? MediaSource.FromUrl(address) : new MediaSource { Data = address }
        : id is { Length: > 0 } ? new MediaSource { FileId = id }
        : null;
}
