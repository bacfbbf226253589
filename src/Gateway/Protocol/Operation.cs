namespace Gateway.Protocol;

/// <summary>What a request asks a provider to do, and on which wire: each has its own dialect. A provider profile maps each to a path.</summary>
internal enum Operation
{
    /// <summary>OpenAI Chat Completions: <c>POST /v1/chat/completions</c>.</summary>
    ChatCompletions,

    /// <summary>OpenAI Responses: <c>POST /v1/responses</c>.</summary>
    Responses,

    /// <summary>OpenAI legacy text completions: <c>POST /v1/completions</c>.</summary>
    Completions,

    /// <summary>OpenAI embeddings: <c>POST /v1/embeddings</c>.</summary>
    Embeddings,

    /// <summary>Anthropic Messages: <c>POST /v1/messages</c>.</summary>
    Messages,

    /// <summary>Gemini <c>generateContent</c> and <c>streamGenerateContent</c>.</summary>
    GenerateContent,

    /// <summary>Bedrock Converse and ConverseStream.</summary>
    Converse,

    /// <summary>Bedrock InvokeModel with an Anthropic body.</summary>
    InvokeModel,

    /// <summary>Cohere chat: <c>POST /v2/chat</c>.</summary>
    CohereChat,

    /// <summary>Ollama chat: <c>POST /api/chat</c>.</summary>
    OllamaChat,

    /// <summary>Gemini <c>embedContent</c>: one content.</summary>
    EmbedContent,

    /// <summary>Gemini <c>batchEmbedContents</c>: several.</summary>
    BatchEmbedContents,

    /// <summary>Cohere embeddings: <c>POST /v2/embed</c>.</summary>
    CohereEmbed,

    /// <summary>Rerank as Jina speaks it, and most after it: <c>POST /v1/rerank</c>.</summary>
    Rerank,

    /// <summary>Ollama embeddings: <c>POST /api/embed</c>.</summary>
    OllamaEmbed,

    /// <summary>OpenAI images from a text: <c>POST /v1/images/generations</c>.</summary>
    ImageGenerations,

    /// <summary>OpenAI images from images: <c>POST /v1/images/edits</c>, multipart.</summary>
    ImageEdits,

    /// <summary>OpenAI moderation: <c>POST /v1/moderations</c>.</summary>
    Moderations,

    /// <summary>OpenAI speech from a text: <c>POST /v1/audio/speech</c>.</summary>
    Speech,

    /// <summary>OpenAI text from speech: <c>POST /v1/audio/transcriptions</c>, multipart.</summary>
    Transcriptions,

    /// <summary>OpenAI English text from speech: <c>POST /v1/audio/translations</c>, multipart.</summary>
    Translations,

    /// <summary>OpenAI files: <c>/v1/files</c> and below.</summary>
    Files,

    /// <summary>OpenAI batches: <c>/v1/batches</c> and below.</summary>
    Batches,

    /// <summary>OpenAI Realtime: a socket, <c>GET /v1/realtime</c>; only relayed.</summary>
    Realtime,

    /// <summary>Cohere rerank: <c>POST /v2/rerank</c>.</summary>
    CohereRerank,
}
