namespace Gateway.Protocol;

/// <summary>
/// A chat request in the words of no provider: what the translate lane reads from one wire and writes to another. Null and empty members
/// were not said by the client. Numbers keep the client's range; a codec that writes clamps to its own wire's and says so.
/// </summary>
internal sealed class ChatRequest
{
    /// <summary>The model as the client wrote it; codecs write the target's instead.</summary>
    public string Model { get; set; } = "";

    /// <summary>Whether a stream is wanted.</summary>
    public bool Stream { get; set; }

    /// <summary>The turns, system turns included, in the client's order.</summary>
    public List<ChatMessage> Messages { get; private set; } = [];

    /// <summary>Most tokens to generate, reasoning included.</summary>
    public long? MaxOutputTokens { get; set; }

    /// <summary>Sampling temperature.</summary>
    public double? Temperature { get; set; }

    /// <summary>Nucleus sampling.</summary>
    public double? TopP { get; set; }

    /// <summary>Top-k sampling.</summary>
    public long? TopK { get; set; }

    /// <summary>Least probability relative to the likeliest token.</summary>
    public double? MinP { get; set; }

    /// <summary>Presence penalty.</summary>
    public double? PresencePenalty { get; set; }

    /// <summary>Frequency penalty.</summary>
    public double? FrequencyPenalty { get; set; }

    /// <summary>Seed of the sampling.</summary>
    public long? Seed { get; set; }

    /// <summary>How many answers.</summary>
    public int? Choices { get; set; }

    /// <summary>Texts at which to stop.</summary>
    public List<string> Stop { get; } = [];

    /// <summary>Tools, in the client's order.</summary>
    public List<ToolDefinition> Tools { get; } = [];

    /// <summary>How to use them.</summary>
    public ToolChoice? ToolChoice { get; set; }

    /// <summary>Whether several may be called at once.</summary>
    public bool? ParallelToolCalls { get; set; }

    /// <summary>The form of the answer.</summary>
    public ResponseFormat? Format { get; set; }

    /// <summary>How much to think.</summary>
    public ReasoningSettings? Reasoning { get; set; }

    /// <summary>Whether log probabilities are wanted.</summary>
    public bool? Logprobs { get; set; }

    /// <summary>How many alternatives with them.</summary>
    public int? TopLogprobs { get; set; }

    /// <summary>Token biases, as OpenAI writes them.</summary>
    public RawJson LogitBias { get; set; }

    /// <summary>The end user's id.</summary>
    public string? User { get; set; }

    /// <summary>auto, default, flex, priority, standard_only…, as the client wrote it.</summary>
    public string? ServiceTier { get; set; }

    /// <summary>Pairs the provider keeps with the request: an object of strings.</summary>
    public RawJson Metadata { get; set; }

    /// <summary>Whether the provider may keep the reply.</summary>
    public bool? Store { get; set; }

    /// <summary>Key that groups requests for the provider's prompt cache.</summary>
    public string? PromptCacheKey { get; set; }

    /// <summary>low, medium or high.</summary>
    public string? Verbosity { get; set; }

    /// <summary>What the reply may consist of: text, audio, image. Empty: text.</summary>
    public List<string> Modalities { get; } = [];

    /// <summary>Voice and format of audio output, as OpenAI's <c>audio</c> object; missing when not said.</summary>
    public RawJson AudioOutput { get; set; }

    /// <summary>Members only the client's wire knows.</summary>
    public List<ExtraMember> Extras { get; private set; } = [];

    /// <summary>This request with other turns; all else that it holds is shared.</summary>
    /// <param name="messages">The turns.</param>
    /// <param name="extras">Other <see cref="Extras"/>, or null for the same.</param>
    public ChatRequest With(List<ChatMessage> messages, List<ExtraMember>? extras = null)
    {
        var copy = (ChatRequest)MemberwiseClone();
        copy.Messages = messages;
        copy.Extras = extras ?? Extras;
        return copy;
    }
}
