using Gateway.Protocol.Parts;

namespace Gateway.Protocol.Embeddings;

/// <summary>One thing to embed: exactly one of text, tokens and parts.</summary>
internal sealed class EmbeddingInput
{
    /// <summary>A text.</summary>
    public string? Text { get; init; }

    /// <summary>Token ids, as an array of numbers; missing when it is not given so.</summary>
    public RawJson Tokens { get; init; }

    /// <summary>Texts and images that make one vector together.</summary>
    public List<ContentPart>? Parts { get; init; }

    /// <summary>The text where there is no more to it: given as such, or as parts that are all text.</summary>
    public string? PlainText => Text ?? (Parts is not null && Parts.TrueForAll(p => p is TextPart) ? string.Concat(Parts.Select(p => ((TextPart)p).Text)) : null);
}
