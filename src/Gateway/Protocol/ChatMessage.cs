using Gateway.Protocol.Parts;

namespace Gateway.Protocol;

/// <summary>
/// One turn. A codec that reads keeps the turns as its wire has them (it neither merges nor splits them, except that results of tools become
/// <see cref="ChatRole.Tool"/> turns); a codec that writes merges or splits as its own wire demands.
/// </summary>
internal sealed class ChatMessage
{
    /// <summary>Who speaks.</summary>
    public required ChatRole Role { get; init; }

    /// <summary>What is said, in order.</summary>
    public required List<ContentPart> Parts { get; init; }

    /// <summary>The participant's name (OpenAI's <c>name</c>), or null.</summary>
    public string? Name { get; init; }

    /// <summary>Members of the turn that only its own wire knows.</summary>
    public List<ExtraMember> Extras { get; } = [];
}
