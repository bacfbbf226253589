namespace Gateway.Protocol.Parts;

/// <summary>A piece of a turn. Closed: the types of this folder are all there are.</summary>
internal abstract class ContentPart
{
    private protected ContentPart()
    {
    }

    /// <summary>A prompt-cache marker after this part, or null.</summary>
    public CacheMark? Cache { get; init; }

    /// <summary>Members of the part that only its own wire knows.</summary>
    public List<ExtraMember>? Extras { get; init; }
}
