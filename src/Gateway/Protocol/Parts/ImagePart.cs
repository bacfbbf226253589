namespace Gateway.Protocol.Parts;

/// <summary>An image.</summary>
internal sealed class ImagePart(MediaSource source) : ContentPart
{
    /// <summary>Where it is. The media inliner may replace an address by data.</summary>
    public MediaSource Source { get; set; } = source;

    /// <summary>auto, low or high, or null.</summary>
    public string? Detail { get; init; }
}
