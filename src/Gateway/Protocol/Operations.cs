namespace Gateway.Protocol;

/// <summary>What is to be known of operations.</summary>
internal static class Operations
{
    // The wires that say most come first; a provider's own before one it speaks for compatibility.
    private static readonly Operation[] ChatWires =
        [Operation.Messages, Operation.GenerateContent, Operation.Converse, Operation.CohereChat, Operation.OllamaChat, Operation.ChatCompletions, Operation.Responses, Operation.InvokeModel];

    // A batch before a single input, and OpenAI's last: it is the one that many speak for compatibility and in which no task can be named.
    private static readonly Operation[] EmbeddingWires =
        [Operation.CohereEmbed, Operation.BatchEmbedContents, Operation.OllamaEmbed, Operation.Embeddings, Operation.EmbedContent];

    private static readonly Operation[] RerankWires = [Operation.CohereRerank, Operation.Rerank];

    /// <summary>The wires to which a request can be translated, in the order in which a provider that has several is spoken to; empty for operations that are only relayed.</summary>
    public static IReadOnlyList<Operation> Alternatives(this Operation operation) =>
        operation.IsChat() ? ChatWires : operation.IsEmbedding() ? EmbeddingWires : operation.IsRerank() ? RerankWires : [];

    /// <summary>Whether a request goes out as it came when the provider speaks its wire; a Gemini batch repeats the model in each part and is written anew.</summary>
    public static bool IsRelayed(this Operation operation) => operation != Operation.BatchEmbedContents;

    /// <summary>Whether an operation is a chat.</summary>
    public static bool IsChat(this Operation operation) => Array.IndexOf(ChatWires, operation) >= 0;

    /// <summary>Whether an operation makes embeddings.</summary>
    public static bool IsEmbedding(this Operation operation) => Array.IndexOf(EmbeddingWires, operation) >= 0;

    /// <summary>Whether an operation orders documents.</summary>
    public static bool IsRerank(this Operation operation) => operation is Operation.Rerank or Operation.CohereRerank;

    /// <summary>Whether what a provider answers may be JSON, text, an event stream or bytes of a medium, and only its type says which.</summary>
    public static bool IsMedia(this Operation operation) =>
        operation is Operation.ImageGenerations or Operation.ImageEdits or Operation.Speech || operation.IsTranscript();

    /// <summary>Whether an operation turns speech into text.</summary>
    public static bool IsTranscript(this Operation operation) => operation is Operation.Transcriptions or Operation.Translations;

    /// <summary>The value of OpenTelemetry's <c>gen_ai.operation.name</c>; "responses" is ours, as the conventions count it under chat.</summary>
    public static string Name(this Operation operation) => operation switch
    {
        Operation.Responses => "responses",
        Operation.Completions => "text_completion",
        Operation.Embeddings or Operation.EmbedContent or Operation.BatchEmbedContents or Operation.CohereEmbed or Operation.OllamaEmbed => "embeddings",
        Operation.Rerank or Operation.CohereRerank => "rerank",
        Operation.ImageGenerations => "image_generation",
        Operation.ImageEdits => "image_edit",
        Operation.Moderations => "moderation",
        Operation.Speech => "speech",
        Operation.Transcriptions => "transcription",
        Operation.Translations => "translation",
        Operation.Files => "files",
        Operation.Batches => "batches",
        Operation.Realtime => "realtime",
        Operation.GenerateContent => "generate_content",
        _ => "chat",
    };
}
