using System.Text.Json;
using Gateway.Dialects.OpenAi;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.OpenAiChat;

/// <summary>Reads <c>content</c>: a string or an array of parts, those of other vendors that speak this wire included.</summary>
internal static class ChatPartReader
{
    /// <summary>Adds what the content says.</summary>
    /// <param name="content">The content; null and absent add nothing.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="parts">Added to.</param>
    /// <param name="lenient">Whether what can't be read is passed over (a provider's reply) instead of refused.</param>
    /// <exception cref="RequestFormatException">It is not content.</exception>
    public static void Read(JsonElement content, string path, List<ContentPart> parts, bool lenient = false)
    {
        switch (content.ValueKind)
        {
            case JsonValueKind.String:
                parts.Add(new TextPart(content.Text()!));
                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var element in content.EnumerateArray())
                    ReadPart(element, $"{path}[{index++}]", parts, lenient);
                break;
            case JsonValueKind.Null or JsonValueKind.Undefined:
                break;
            default:
                if (!lenient)
                    throw RequestValue.Wrong(path, "a string or an array of content parts");
                break;
        }
    }

    private static void ReadPart(JsonElement element, string path, List<ContentPart> parts, bool lenient)
    {
        if (element.ValueKind == JsonValueKind.String) // some clients line up bare strings
        {
            parts.Add(new TextPart(element.Text()!));
            return;
        }

        if (element.ValueKind != JsonValueKind.Object || element.Text("type"u8) is not { } type)
        {
            if (lenient)
                return;
            throw RequestValue.Missing($"{path}.type");
        }

        var cache = ChatCache.Read(element);
        switch (type)
        {
            case "text" or "input_text" or "output_text":
                parts.Add(new TextPart(element.Text("text"u8) ?? (lenient ? "" : throw RequestValue.Missing($"{path}.text")))
                {
                    Cache = cache,
                    Extras = Extras(element, path, "text", "annotations"),
                });
                break;
            case "refusal":
                parts.Add(new RefusalPart(element.Text("refusal"u8) ?? "") { Cache = cache });
                break;
            case "image_url":
                parts.Add(Image(element, path, cache));
                break;
            case "input_audio":
                parts.Add(Audio(element, path, cache));
                break;
            case "file":
                parts.Add(File(element, path, cache));
                break;
            case "video_url":
                parts.Add(new VideoPart(MediaSource.FromUrl(Url(element.Get("video_url"u8), $"{path}.video_url"))) { Cache = cache });
                break;
            case "thinking":
                parts.Add(new ReasoningPart { Text = Joined(element.Get("thinking"u8)), Origin = ReasoningOrigin.Plain });
                break;
            case "reasoning":
                ReadSummaries(element.Get("summary"u8), parts);
                break;
            default:
                parts.Add(new OpaquePart(new ExtraMember(Operation.ChatCompletions, $"{path} ({type})", "content", RawJson.Of(element))));
                break;
        }
    }

    private static ImagePart Image(JsonElement element, string path, CacheMark? cache)
    {
        var image = element.Get("image_url"u8);
        return new ImagePart(MediaSource.FromUrl(Url(image, $"{path}.image_url")))
        {
            Detail = image.Text("detail"u8),
            Cache = cache,
            Extras = Extras(element, path, "image_url"),
        };
    }

    private static AudioPart Audio(JsonElement element, string path, CacheMark? cache)
    {
        var audio = element.Get("input_audio"u8);
        var format = audio.Text("format"u8);
        return new AudioPart(new MediaSource
        {
            Data = audio.Text("data"u8) ?? throw RequestValue.Missing($"{path}.input_audio.data"),
            MediaType = format is null ? null : AudioFormats.MediaType(format),
        })
        {
            Format = format,
            Cache = cache,
            Extras = Extras(element, path, "input_audio"),
        };
    }

    private static DocumentPart File(JsonElement element, string path, CacheMark? cache)
    {
        var file = element.Get("file"u8);
        var data = file.Text("file_data"u8);
        var source = file.Text("file_id"u8) is { } id ? new MediaSource { FileId = id }
            : data is null ? throw RequestValue.Missing($"{path}.file.file_data")
            : data.StartsWith("data:", StringComparison.OrdinalIgnoreCase) || data.Contains("://", StringComparison.Ordinal) ? MediaSource.FromUrl(data)
            : new MediaSource { Data = data };
        return new DocumentPart(source)
        {
            Name = file.Text("filename"u8),
            Cache = cache,
            Extras = Extras(element, path, "file"),
        };
    }

    /// <summary>An address, bare or in an object.</summary>
    private static string Url(JsonElement value, string path) =>
        value.Text() ?? value.Text("url"u8) ?? throw RequestValue.Missing($"{path}.url");

    /// <summary>Thinking as Mistral writes it: a string, or an array of text parts.</summary>
    private static string Joined(JsonElement thinking) => thinking.ValueKind == JsonValueKind.Array
        ? string.Concat(thinking.EnumerateArray().Select(part => part.Text("text"u8)))
        : thinking.Text() ?? "";

    /// <summary>Reasoning as Databricks writes it: summaries, signed where the model signs.</summary>
    private static void ReadSummaries(JsonElement summaries, List<ContentPart> parts)
    {
        if (summaries.ValueKind != JsonValueKind.Array)
            return;
        foreach (var summary in summaries.EnumerateArray())
        {
            var signature = summary.Text("signature"u8);
            parts.Add(new ReasoningPart
            {
                Text = summary.Text("text"u8) ?? "",
                Signature = signature,
                Origin = signature is null ? ReasoningOrigin.Plain : ReasoningOrigin.Anthropic,
            });
        }
    }

    private static List<ExtraMember>? Extras(JsonElement element, string path, string known, string? alsoKnown = null)
    {
        List<ExtraMember>? extras = null;
        foreach (var member in element.EnumerateObject())
        {
            var name = RequestValue.NameOf(member);
            if (name != "type" && name != known && name != alsoKnown && !ChatCache.IsMark(name))
                (extras ??= []).Add(new ExtraMember(Operation.ChatCompletions, $"{path}.{name}", name, RawJson.Of(member.Value)));
        }

        return extras;
    }
}
