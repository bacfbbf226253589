namespace Gateway.Dialects;

/// <summary>The minimum the gateway needs to know of a request, with the places in the body where it may splice.</summary>
internal sealed class RequestFacts
{
    /// <summary>The model as the client wrote it.</summary>
    public string Model { get; set; } = "";

    /// <summary>Offset of the model's JSON string in the body, opening quote included.</summary>
    public int ModelStart { get; set; }

    /// <summary>Length of the model's JSON string, quotes included.</summary>
    public int ModelLength { get; set; }

    /// <summary>
    /// Whether the body lacks the model that its wire wants there, because the path names it (Azure): it is then written for the provider
    /// at <see cref="ModelStart"/>, the first place inside the body's braces.
    /// </summary>
    public bool IsModelMissing { get; set; }

    /// <summary>Whether the client wants a stream.</summary>
    public bool Stream { get; set; }

    /// <summary>Prompts counted at most; no provider takes as many.</summary>
    public const int MostPrompts = 65_536;

    /// <summary>How many choices the client wants for each prompt, 1 to 128.</summary>
    public int ChoicesPerPrompt { get; set; } = 1;

    /// <summary>How many prompts there are: more than one only in legacy completions. 1 to <see cref="MostPrompts"/>.</summary>
    public int Prompts { get; set; } = 1;

    /// <summary>How many choices the reply will have.</summary>
    public int Choices => ChoicesPerPrompt * Prompts;

    /// <summary>How many answers the provider makes for each prompt to choose from, where it bills those it doesn't send; 1 to 128.</summary>
    public int BestOf { get; set; } = 1;

    /// <summary>How many answers are generated.</summary>
    public int Generations => Math.Max(ChoicesPerPrompt, BestOf) * Prompts;

    /// <summary>The most output tokens of each choice that the client asked for, &gt; 0; null when it named no such number.</summary>
    public long? MaxOutputTokens { get; set; }

    /// <summary>Where the body may be told another <see cref="MaxOutputTokens"/>.</summary>
    public OutputLimitPlace OutputLimit { get; set; }

    /// <summary>Whether the client asked for usage in the stream.</summary>
    public bool WantsStreamUsage { get; set; }

    /// <summary>What makes the provider report usage in a stream: a splice without replacement when nothing need change.</summary>
    public UsageSplice StreamUsage { get; set; }

    /// <summary>Whether the body has a member that may be for the gateway alone: <c>fallbacks</c> or <c>models</c>, written without escapes.</summary>
    public bool MayHoldOwnMember { get; private set; }

    /// <summary>Offset in the body of the member that is for the gateway alone, a comma included.</summary>
    public int OwnMemberStart { get; set; }

    /// <summary>Its length in bytes; 0 when there is none.</summary>
    public int OwnMemberLength { get; set; }

    /// <summary>The <c>encoding_format</c> of an embeddings request, or null.</summary>
    public string? EncodingFormat { get; set; }

    /// <summary>Notes that the body itself has a member of this name, which means nothing to its wire.</summary>
    /// <param name="name">As it is written.</param>
    public void NoteOther(ReadOnlySpan<byte> name) => MayHoldOwnMember |= name.SequenceEqual("fallbacks"u8) || name.SequenceEqual("models"u8);
}
