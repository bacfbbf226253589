namespace Gateway.Protocol.Embeddings;

/// <summary>A request for vectors in the words of no provider. Null and empty members were not said.</summary>
internal sealed class EmbeddingRequest
{
    /// <summary>The model as the client wrote it; codecs write the target's instead.</summary>
    public string Model { get; set; } = "";

    /// <summary>What to embed: a vector for each, in this order.</summary>
    public List<EmbeddingInput> Inputs { get; } = [];

    /// <summary>Whether the client used a form of its wire that takes one input only and answers in a form of its own (Ollama's <c>/api/embeddings</c>).</summary>
    public bool IsSingle { get; set; }

    /// <summary>Length of the vectors.</summary>
    public long? Dimensions { get; set; }

    /// <summary>How the client wants them written; several where its wire can give several at once.</summary>
    public EmbeddingForms Forms { get; set; }

    /// <summary>What they are for.</summary>
    public EmbeddingTask? Task { get; set; }

    /// <summary>Title of the document, where <see cref="Task"/> is <see cref="EmbeddingTask.Document"/>.</summary>
    public string? Title { get; set; }

    /// <summary>Whether inputs that are too long are cut: false makes them an error.</summary>
    public bool? Truncate { get; set; }

    /// <summary>The end user's id.</summary>
    public string? User { get; set; }

    /// <summary>Members only the client's wire knows.</summary>
    public List<ExtraMember> Extras { get; } = [];
}
