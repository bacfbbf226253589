namespace Gateway.Protocol.Parts;

/// <summary>A video.</summary>
internal sealed class VideoPart(MediaSource source) : ContentPart
{
    /// <summary>Where it is. The media inliner may replace an address by data.</summary>
    public MediaSource Source { get; set; } = source;
}
