namespace Gateway.Surfaces.Models;

/// <summary>A model as lists show it.</summary>
/// <param name="Id">The name to ask for.</param>
/// <param name="Provider">Id of the provider that answers first.</param>
internal sealed record ListedModel(string Id, string Provider)
{
    /// <summary>chat, completion, embedding, rerank, image, audio_speech, audio_transcription, moderation or realtime; null when nothing is known of the model.</summary>
    public string? Mode { get; init; }

    /// <summary>Largest input plus output in tokens, or null.</summary>
    public int? ContextWindow { get; init; }

    /// <summary>Largest output in tokens, or null.</summary>
    public int? MaxOutput { get; init; }

    /// <summary>What it can do: tools, json_schema, reasoning…; null when nothing is known of the model.</summary>
    public IReadOnlyList<string>? Capabilities { get; init; }

    /// <summary>What it reads: text, image, file, audio, video.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>What it answers with: text, audio, image, embedding, ranking, moderation.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>What is charged, or null.</summary>
    public ListedPrice? Price { get; init; }

    /// <summary>Whether it is asked in turns; what nothing is known of is taken for such a model.</summary>
    public bool IsChat => Mode is null or "chat" or "completion";

    /// <summary>Whether it makes vectors and does not chat.</summary>
    public bool IsEmbedding => Mode == "embedding";

    /// <summary>Whether it orders documents.</summary>
    public bool IsRerank => Mode == "rerank";
}
