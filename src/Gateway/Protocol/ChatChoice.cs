using Gateway.Protocol.Parts;

namespace Gateway.Protocol;

/// <summary>One answer.</summary>
internal sealed class ChatChoice
{
    /// <summary>What is said, in order.</summary>
    public List<ContentPart> Parts { get; } = [];

    /// <summary>Why it ended. Codecs that read say <see cref="FinishReason.ToolCalls"/> whenever tools are called and the wire said only "stop".</summary>
    public FinishReason Finish { get; set; }

    /// <summary>The stop text that ended it, or null.</summary>
    public string? StopSequence { get; set; }

    /// <summary>Log probabilities as OpenAI Chat writes them (<c>{"content":[…]}</c>); missing when there are none.</summary>
    public RawJson Logprobs { get; set; }
}
