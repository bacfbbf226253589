using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Anthropic;

/// <summary>Reads content blocks, of requests and of replies. A block the canonical model has no part for is kept whole.</summary>
internal static class BlockReader
{
    private static readonly string[] TextMembers = ["type", "text", "citations", "cache_control"];
    private static readonly string[] ImageMembers = ["type", "source", "cache_control"];
    private static readonly string[] DocumentMembers = ["type", "source", "title", "context", "citations", "cache_control"];
    private static readonly string[] CallMembers = ["type", "id", "name", "input", "cache_control"];
    private static readonly string[] ResultMembers = ["type", "tool_use_id", "content", "is_error", "cache_control"];
    private static readonly string[] ThinkingMembers = ["type", "thinking", "signature"];
    private static readonly string[] RedactedMembers = ["type", "data"];

    /// <summary>Reads the content of a turn or of a tool's result: text or blocks.</summary>
    /// <exception cref="RequestFormatException">It is neither.</exception>
    public static List<ContentPart> ReadContent(JsonElement content, Place place, bool inResult = false)
    {
        if (content.Text() is { } text)
            return [new TextPart(text)];
        if (content.ValueKind != JsonValueKind.Array)
            throw AnthropicValue.Wrong(place.Of("content"), "a string or an array of content blocks");
        var parts = new List<ContentPart>(content.GetArrayLength());
        foreach (var block in content.EnumerateArray())
            parts.Add(Read(block, inResult ? place with { Inner = parts.Count } : place with { Part = parts.Count }));
        return parts;
    }

    /// <summary>Reads one block.</summary>
    /// <exception cref="RequestFormatException">It is not a block of this wire.</exception>
    public static ContentPart Read(JsonElement block, Place place)
    {
        if (block.ValueKind != JsonValueKind.Object)
            throw AnthropicValue.Wrong(place.ToString(), "an object");
        return block.Text("type"u8) switch
        {
            "text" => ReadText(block, place),
            "image" => ReadImage(block, place),
            "document" => ReadDocument(block, place),
            "tool_use" => ReadCall(block, place),
            "tool_result" => ReadResult(block, place),
            "thinking" => ThinkingBlocks.Thinking(block.Text("thinking"u8) ?? "", block.Text("signature"u8), Extras(block, place, ThinkingMembers)),
            "redacted_thinking" => ThinkingBlocks.Redacted(Needed(block, "data"u8, place, "data"), Extras(block, place, RedactedMembers)),
            null => throw new RequestFormatException($"{place.Of("type")}: Field required", place.Of("type")),
            var type => Opaque(block, place, type),
        };
    }

    /// <summary>Reads a block's prompt-cache mark.</summary>
    public static CacheMark? Mark(JsonElement block)
    {
        var control = block.Get("cache_control"u8);
        return control.ValueKind == JsonValueKind.Object ? new CacheMark(control.Text("ttl"u8)) : null;
    }

    private static TextPart ReadText(JsonElement block, Place place)
    {
        var citations = block.Get("citations"u8);
        var isCited = citations.ValueKind == JsonValueKind.Array && citations.GetArrayLength() > 0;
        return new TextPart(Needed(block, "text"u8, place, "text"))
        {
            Citations = isCited ? RawJson.Of(citations) : default,
            CitationsOrigin = isCited ? Operation.Messages : default,
            Cache = Mark(block),
            Extras = Extras(block, place, TextMembers),
        };
    }

    private static ContentPart ReadImage(JsonElement block, Place place) => ReadSource(block, place) is { } source
        ? new ImagePart(source) { Cache = Mark(block), Extras = Extras(block, place, ImageMembers) }
        : Opaque(block, place, "image");

    private static ContentPart ReadDocument(JsonElement block, Place place)
    {
        var source = block.Get("source"u8);
        var isText = source.Text("type"u8) == "text";
        var media = isText ? new MediaSource { MediaType = source.Text("media_type"u8) ?? "text/plain" } : ReadSource(block, place);
        // Documents made of blocks are cited block by block: nothing else can say them.
        if (media is null)
            return Opaque(block, place, "document");
        return new DocumentPart(media)
        {
            Text = isText ? Needed(source, "data"u8, place, "source.data") : null,
            Name = block.Text("title"u8),
            Context = block.Text("context"u8),
            Citations = block.Get("citations"u8).Flag("enabled"u8),
            Cache = Mark(block),
            Extras = Extras(block, place, DocumentMembers),
        };
    }

    /// <summary>The source of an image or document, or null for kinds only this wire knows.</summary>
    private static MediaSource? ReadSource(JsonElement block, Place place)
    {
        var source = block.Get("source"u8);
        if (source.ValueKind != JsonValueKind.Object)
            throw AnthropicValue.Wrong(place.Of("source"), "an object");
        return source.Text("type"u8) switch
        {
            "base64" => new MediaSource { Data = Needed(source, "data"u8, place, "source.data"), MediaType = source.Text("media_type"u8) },
            "url" => new MediaSource { Url = Needed(source, "url"u8, place, "source.url") },
            "file" => new MediaSource { FileId = Needed(source, "file_id"u8, place, "source.file_id") },
            _ => null,
        };
    }

    private static ToolCallPart ReadCall(JsonElement block, Place place)
    {
        var input = block.Get("input"u8);
        return new ToolCallPart
        {
            Id = Needed(block, "id"u8, place, "id"),
            Name = Needed(block, "name"u8, place, "name"),
            Arguments = input.Says() ? RawJson.Of(input).ToString() : "{}",
            Cache = Mark(block),
            Extras = Extras(block, place, CallMembers),
        };
    }

    private static ToolResultPart ReadResult(JsonElement block, Place place)
    {
        var content = block.Get("content"u8);
        return new ToolResultPart
        {
            CallId = Needed(block, "tool_use_id"u8, place, "tool_use_id"),
            Content = content.Says() ? ReadContent(content, place, inResult: true) : [],
            IsError = block.Flag("is_error"u8) ?? false,
            Cache = Mark(block),
            Extras = Extras(block, place, ResultMembers),
        };
    }

    private static OpaquePart Opaque(JsonElement block, Place place, string type) =>
        new(new ExtraMember(Operation.Messages, $"{place} ({type})", type, RawJson.Of(block))) { Cache = Mark(block) };

    private static string Needed(JsonElement parent, ReadOnlySpan<byte> name, Place place, string member) =>
        parent.Text(name) ?? throw (parent.Get(name).Says()
            ? AnthropicValue.Wrong(place.Of(member), "a string")
            : new RequestFormatException($"{place.Of(member)}: Field required", place.Of(member)));

    private static List<ExtraMember>? Extras(JsonElement block, Place place, string[] known)
    {
        var isPlain = true;
        foreach (var member in block.EnumerateObject())
            isPlain &= IsKnown(member, known);
        if (isPlain)
            return null;
        List<ExtraMember>? extras = null;
        AnthropicExtras.Read(block, place.ToString(), known, ref extras);
        return extras;
    }

    private static bool IsKnown(JsonProperty member, string[] known)
    {
        foreach (var name in known)
        {
            if (member.NameEquals(name))
                return true;
        }

        return false;
    }
}
