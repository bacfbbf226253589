namespace Gateway.Protocol.Parts;

/// <summary>Text.</summary>
/// <param name="text">The text; may be empty and may hold lone surrogates.</param>
internal sealed class TextPart(string text) : ContentPart
{
    /// <summary>The text.</summary>
    public string Text { get; } = text;

    /// <summary>Citations or annotations as the wire <see cref="CitationsOrigin"/> writes them, an array; missing when there are none.</summary>
    public RawJson Citations { get; init; }

    /// <summary>Whose form <see cref="Citations"/> has.</summary>
    public Operation CitationsOrigin { get; init; }
}
