using Gateway.Dialects.Anthropic;
using Gateway.Dialects.BedrockConverse;
using Gateway.Dialects.BedrockInvoke;
using Gateway.Dialects.Cohere;
using Gateway.Dialects.CohereEmbeddings;
using Gateway.Dialects.Gemini;
using Gateway.Dialects.GeminiEmbeddings;
using Gateway.Dialects.Ollama;
using Gateway.Dialects.OllamaEmbeddings;
using Gateway.Dialects.OpenAiChat;
using Gateway.Dialects.OpenAiCompletions;
using Gateway.Dialects.OpenAiEmbeddings;
using Gateway.Dialects.OpenAiMedia;
using Gateway.Dialects.OpenAiResponses;
using Gateway.Dialects.Rerank;
using Gateway.Protocol;

namespace Gateway.Dialects;

/// <summary>The dialect of each operation.</summary>
internal static class DialectRegistry
{
    private static readonly GeminiDialect Gemini = new();
    private static readonly CohereDialect Cohere = new();
    private static readonly OllamaDialect Ollama = new();

    private static readonly OperationMap<IDialect> Dialects = new(
    [
        new(Operation.ChatCompletions, new OpenAiChatDialect()),
        new(Operation.Responses, new OpenAiResponsesDialect()),
        new(Operation.Completions, new OpenAiCompletionsDialect()),
        new(Operation.Embeddings, new OpenAiEmbeddingsDialect()),
        new(Operation.Messages, new AnthropicDialect()),
        new(Operation.Converse, new BedrockConverseDialect()),
        new(Operation.InvokeModel, new BedrockInvokeDialect()),
        new(Operation.GenerateContent, Gemini),
        new(Operation.EmbedContent, new GeminiEmbeddingDialect(Gemini, isBatch: false)),
        new(Operation.BatchEmbedContents, new GeminiEmbeddingDialect(Gemini, isBatch: true)),
        new(Operation.CohereChat, Cohere),
        new(Operation.CohereEmbed, new CohereEmbeddingDialect(Cohere)),
        new(Operation.Rerank, new RerankDialect(Cohere, Operation.Rerank)),
        new(Operation.CohereRerank, new RerankDialect(Cohere, Operation.CohereRerank)),
        new(Operation.OllamaChat, Ollama),
        new(Operation.OllamaEmbed, new OllamaEmbeddingDialect(Ollama)),
        new(Operation.ImageGenerations, new OpenAiImageDialect(takesMultipart: false)),
        new(Operation.ImageEdits, new OpenAiImageDialect(takesMultipart: true)),
        new(Operation.Moderations, new OpenAiModerationDialect()),
        new(Operation.Speech, new OpenAiSpeechDialect()),
        new(Operation.Transcriptions, new OpenAiTranscriptDialect()),
        new(Operation.Translations, new OpenAiTranscriptDialect()),
    ]);

    /// <summary>The dialect, or null when there is none yet.</summary>
    public static IDialect? For(Operation operation) => Dialects.ContainsKey(operation) ? Dialects[operation] : null;
}
