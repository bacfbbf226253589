namespace Gateway.Protocol.Parts;

/// <summary>A part that only its own wire knows (server-side tools and their results, container uploads…), kept whole.</summary>
internal sealed class OpaquePart(ExtraMember whole) : ContentPart
{
    /// <summary>The part as it stood.</summary>
    public ExtraMember Whole { get; } = whole;
}
