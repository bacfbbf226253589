using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.BedrockConverse;

/// <summary>Reads Converse's content blocks. A cache point belongs to the block before it.</summary>
internal static class ConversePartReader
{
    /// <summary>Reads a list of blocks.</summary>
    /// <param name="blocks">The array; anything else has no blocks.</param>
    /// <param name="path">Its path.</param>
    /// <param name="mapsReserved">Whether the reserved tool's calls are turned back to text: in replies.</param>
    /// <exception cref="RequestFormatException">A block is not one of this wire.</exception>
    public static List<ContentPart> ReadAll(JsonElement blocks, string path, bool mapsReserved = false)
    {
        var parts = new List<ContentPart>();
        if (!blocks.Says())
            return parts;
        if (blocks.ValueKind != JsonValueKind.Array)
            throw new RequestFormatException($"'{path}' must be an array.", path);
        var count = blocks.GetArrayLength();
        for (var i = 0; i < count; i++)
        {
            var cache = i + 1 < count ? Mark(blocks[i + 1]) : null;
            parts.Add(Read(blocks[i], $"{path}[{i}]", cache, mapsReserved));
            if (cache is not null)
                i++;
        }

        return parts;
    }

    /// <summary>The marker that a cache point is; null for other blocks.</summary>
    public static CacheMark? Mark(JsonElement block)
    {
        var point = block.Get("cachePoint"u8);
        return point.Says() ? new CacheMark(point.Text("ttl"u8)) : null;
    }

    private static ContentPart Read(JsonElement block, string path, CacheMark? cache, bool mapsReserved)
    {
        if (block.ValueKind != JsonValueKind.Object)
            throw new RequestFormatException($"'{path}' must be an object.", path);
        foreach (var member in block.EnumerateObject())
        {
            if (!member.Value.Says())
                continue;
            return member.Name switch
            {
                "text" => new TextPart(member.Value.Text() ?? throw NotText(path)) { Cache = cache },
                "image" => Image(member.Value, path + ".image", cache),
                "document" when !member.Value.Get("source"u8).Get("content"u8).Says() => Document(member.Value, path + ".document", cache),
                "video" => Video(member.Value, path + ".video", cache),
                "audio" => Audio(member.Value, path + ".audio", cache),
                "toolUse" when !member.Value.Get("type"u8).Says() => ToolUse(member.Value, path + ".toolUse", cache, mapsReserved),
                "toolResult" when !member.Value.Get("type"u8).Says() => ToolResult(member.Value, path + ".toolResult", cache),
                "reasoningContent" => Reasoning(member.Value, cache),
                "citationsContent" => Cited(member.Value, cache),
                _ => new OpaquePart(new ExtraMember(Operation.Converse, path, member.Name, RawJson.Of(block))) { Cache = cache },
            };
        }

        throw new RequestFormatException($"'{path}' has no content.", path);
    }

    private static MediaSource Source(JsonElement media, string? type)
    {
        var source = media.Get("source"u8);
        return source.Text("bytes"u8) is { } data ? new MediaSource { Data = data, MediaType = type }
            : source.Get("s3Location"u8).Text("uri"u8) is { } uri ? new MediaSource { Url = uri, MediaType = type }
            : new MediaSource { Data = "", MediaType = type };
    }

    private static List<ExtraMember>? Extras(JsonElement media, string path, params ReadOnlySpan<string> known)
    {
        var extras = ConverseExtras.Of(media, path + ".", known);
        if (ConverseExtras.Of(media.Get("source"u8).Get("s3Location"u8), path + ".source.s3Location.", "uri") is { } inner)
            (extras ??= []).AddRange(inner);
        return extras;
    }

    private static ImagePart Image(JsonElement image, string path, CacheMark? cache)
    {
        var type = image.Text("format"u8) is { } format ? ConverseFormats.ImageType(format) ?? "image/" + format : null;
        return new ImagePart(Source(image, type)) { Cache = cache, Extras = Extras(image, path, "format", "source") };
    }

    private static VideoPart Video(JsonElement video, string path, CacheMark? cache)
    {
        var type = video.Text("format"u8) is { } format ? ConverseFormats.VideoType(format) ?? "video/" + format : null;
        return new VideoPart(Source(video, type)) { Cache = cache, Extras = Extras(video, path, "format", "source") };
    }

    private static AudioPart Audio(JsonElement audio, string path, CacheMark? cache)
    {
        var format = audio.Text("format"u8);
        var source = Source(audio, format is null ? null : "audio/" + format);
        return new AudioPart(source) { Format = format, Cache = cache, Extras = Extras(audio, path, "format", "source") };
    }

    private static DocumentPart Document(JsonElement document, string path, CacheMark? cache)
    {
        var type = ConverseFormats.DocumentType(document.Text("format"u8));
        var text = document.Get("source"u8).Text("text"u8);
        return new DocumentPart(text is null ? Source(document, type) : new MediaSource { MediaType = type ?? "text/plain" })
        {
            Text = text,
            Name = document.Text("name"u8),
            Context = document.Text("context"u8),
            Citations = document.Get("citations"u8).Flag("enabled"u8),
            Cache = cache,
            Extras = Extras(document, path, "format", "name", "source", "context", "citations"),
        };
    }

    private static ContentPart ToolUse(JsonElement use, string path, CacheMark? cache, bool mapsReserved)
    {
        var name = use.Text("name"u8) ?? throw new RequestFormatException($"'{path}.name' must be text.", path + ".name");
        var input = use.Raw("input"u8);
        if (mapsReserved && name == ReservedTool.Name)
            return new TextPart(input.IsMissing ? "{}" : input.ToString());
        return new ToolCallPart
        {
            Id = use.Text("toolUseId"u8) ?? "",
            Name = name,
            Arguments = input.IsMissing ? "" : input.ToString(),
            Cache = cache,
            Extras = ConverseExtras.Of(use, path + ".", "toolUseId", "name", "input"),
        };
    }

    private static ToolResultPart ToolResult(JsonElement result, string path, CacheMark? cache)
    {
        var blocks = result.Get("content"u8);
        var single = blocks.ValueKind == JsonValueKind.Array && blocks.GetArrayLength() == 1 ? blocks[0].Raw("json"u8) : default;
        return new ToolResultPart
        {
            CallId = result.Text("toolUseId"u8) ?? "",
            Content = ResultContent(blocks, path + ".content"),
            Json = single,
            IsError = result.Text("status"u8) == "error",
            Cache = cache,
            Extras = ConverseExtras.Of(result, path + ".", "toolUseId", "content", "status"),
        };
    }

    private static List<ContentPart> ResultContent(JsonElement blocks, string path)
    {
        var parts = ReadAll(blocks, path);
        for (var i = 0; i < parts.Count; i++)
        {
            // Among other blocks a JSON value is told as its text.
            if (parts[i] is OpaquePart { Whole.Name: "json" } json)
                parts[i] = new TextPart(JsonOf(json.Whole.Value)) { Cache = json.Cache };
        }

        return parts;
    }

    private static string JsonOf(RawJson block)
    {
        using var document = block.Parse();
        return document.RootElement.GetProperty("json"u8).GetRawText();
    }

    private static ReasoningPart Reasoning(JsonElement reasoning, CacheMark? cache)
    {
        var text = reasoning.Get("reasoningText"u8);
        var own = text.Text("signature"u8) ?? reasoning.Text("redactedContent"u8);
        if (own is null)
            return new ReasoningPart { Text = text.Text("text"u8) ?? "", Origin = ReasoningOrigin.Plain, Cache = cache };
        var (signature, origin) = ForeignSignature.Unwrap(own, ReasoningOrigin.Anthropic);
        // OpenAI has no signatures: what is wrapped in one's place is the encrypted reasoning itself.
        var encrypted = !text.Says() || origin == ReasoningOrigin.OpenAi;
        return new ReasoningPart
        {
            Text = text.Text("text"u8) ?? "",
            Signature = encrypted ? null : signature,
            Encrypted = encrypted ? signature : null,
            Origin = origin,
            Cache = cache,
        };
    }

    private static TextPart Cited(JsonElement cited, CacheMark? cache)
    {
        var text = "";
        if (cited.Get("content"u8) is { ValueKind: JsonValueKind.Array } content)
        {
            foreach (var piece in content.EnumerateArray())
                text += piece.Text("text"u8);
        }

        return new TextPart(text) { Citations = cited.Raw("citations"u8), CitationsOrigin = Operation.Converse, Cache = cache };
    }

    private static RequestFormatException NotText(string path) => new($"'{path}.text' must be text.", path + ".text");
}
