namespace Gateway.Protocol;

/// <summary>What a request asks a provider to do. A provider profile maps each to a path.</summary>
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
}
