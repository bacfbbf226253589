using Gateway.Metering;

namespace Gateway.Protocol;

/// <summary>One event of a translated stream; which members mean something is said by <see cref="ChatEventKind"/>.</summary>
internal readonly record struct ChatEvent(ChatEventKind Kind)
{
    /// <summary>The answer it belongs to, from 0.</summary>
    public int Choice { get; init; }

    /// <summary>For tool calls: which one of the answer, from 0 and without gaps, in order of their starts.</summary>
    public int Index { get; init; }

    /// <summary>The text.</summary>
    public string? Text { get; init; }

    /// <summary>An id.</summary>
    public string? Id { get; init; }

    /// <summary>A name.</summary>
    public string? Name { get; init; }

    /// <summary>JSON as it came.</summary>
    public RawJson Raw { get; init; }

    /// <summary>Whose reasoning it is.</summary>
    public ReasoningOrigin Origin { get; init; }

    /// <summary>Why the answer ended.</summary>
    public FinishReason Finish { get; init; }

    /// <summary>Tokens.</summary>
    public TokenUsage Usage { get; init; }
}
