using Gateway.Protocol.Embeddings;

namespace Gateway.Dialects;

/// <summary>Tasks in the words that Cohere and those who speak OpenAI's wire (Voyage, NVIDIA, Jina and others) have for them.</summary>
internal static class EmbeddingTaskWords
{
    /// <summary>What a word means, or null.</summary>
    public static EmbeddingTask? Read(string? word) => word switch
    {
        "query" or "search_query" or "retrieval.query" => EmbeddingTask.Query,
        "document" or "passage" or "search_document" or "retrieval.passage" => EmbeddingTask.Document,
        "classification" => EmbeddingTask.Classification,
        "clustering" or "separation" => EmbeddingTask.Clustering,
        "text-matching" => EmbeddingTask.Similarity,
        _ => null,
    };

    /// <summary>Cohere's word: it must have one, and has none for some.</summary>
    /// <returns>The word, and whether it says what was meant.</returns>
    public static (string Word, bool IsExact) Cohere(EmbeddingTask? task) => task switch
    {
        null or EmbeddingTask.Document => ("search_document", true),
        EmbeddingTask.Query => ("search_query", true),
        EmbeddingTask.Classification => ("classification", true),
        EmbeddingTask.Clustering => ("clustering", true),
        EmbeddingTask.Similarity => ("clustering", false),
        _ => ("search_query", false),
    };

    /// <summary>What one of Gemini's words means, or null.</summary>
    public static EmbeddingTask? ReadGemini(string? word) => word switch
    {
        "RETRIEVAL_QUERY" => EmbeddingTask.Query,
        "RETRIEVAL_DOCUMENT" => EmbeddingTask.Document,
        "CLASSIFICATION" => EmbeddingTask.Classification,
        "CLUSTERING" => EmbeddingTask.Clustering,
        "SEMANTIC_SIMILARITY" => EmbeddingTask.Similarity,
        "QUESTION_ANSWERING" => EmbeddingTask.QuestionAnswering,
        "FACT_VERIFICATION" => EmbeddingTask.FactVerification,
        "CODE_RETRIEVAL_QUERY" => EmbeddingTask.CodeQuery,
        _ => null,
    };

    /// <summary>Gemini's word.</summary>
    public static string Gemini(EmbeddingTask task) => task switch
    {
        EmbeddingTask.Query => "RETRIEVAL_QUERY",
        EmbeddingTask.Document => "RETRIEVAL_DOCUMENT",
        EmbeddingTask.Classification => "CLASSIFICATION",
        EmbeddingTask.Clustering => "CLUSTERING",
        EmbeddingTask.QuestionAnswering => "QUESTION_ANSWERING",
        EmbeddingTask.FactVerification => "FACT_VERIFICATION",
        EmbeddingTask.CodeQuery => "CODE_RETRIEVAL_QUERY",
        _ => "SEMANTIC_SIMILARITY",
    };
}
