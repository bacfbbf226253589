namespace Gateway.Protocol.Embeddings;

/// <summary>What vectors are to be used for; some models make different ones for each.</summary>
internal enum EmbeddingTask
{
    /// <summary>To find documents by.</summary>
    Query,

    /// <summary>To be found.</summary>
    Document,

    /// <summary>To classify.</summary>
    Classification,

    /// <summary>To cluster.</summary>
    Clustering,

    /// <summary>To compare texts of the same sort.</summary>
    Similarity,

    /// <summary>To find answers by a question.</summary>
    QuestionAnswering,

    /// <summary>To find evidence by a statement.</summary>
    FactVerification,

    /// <summary>To find code by a description.</summary>
    CodeQuery,
}
