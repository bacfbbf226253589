namespace Gateway.Protocol.Parts;

/// <summary>A document: PDF, plain text, or anything the provider can read.</summary>
internal sealed class DocumentPart(MediaSource source) : ContentPart
{
    /// <summary>Where it is. For plain text see <see cref="Text"/>. The media inliner may replace an address by data.</summary>
    public MediaSource Source { get; set; } = source;

    /// <summary>The text of a plain-text document; <see cref="Source"/> then has only a media type.</summary>
    public string? Text { get; init; }

    /// <summary>File name or title, or null.</summary>
    public string? Name { get; init; }

    /// <summary>What the reader should know of it (Anthropic's <c>context</c>), or null.</summary>
    public string? Context { get; init; }

    /// <summary>Whether the answer should cite it; null: not said.</summary>
    public bool? Citations { get; init; }
}
