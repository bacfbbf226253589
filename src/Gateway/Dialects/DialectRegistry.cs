using Gateway.Dialects.Anthropic;
using Gateway.Dialects.Cohere;
using Gateway.Dialects.Ollama;
using Gateway.Dialects.OpenAiChat;
using Gateway.Dialects.OpenAiCompletions;
using Gateway.Dialects.OpenAiEmbeddings;
using Gateway.Dialects.OpenAiResponses;
using Gateway.Protocol;

namespace Gateway.Dialects;

/// <summary>The dialect of each operation.</summary>
internal static class DialectRegistry
{
    private static readonly OperationMap<IDialect> Dialects = new(
    [
        new(Operation.ChatCompletions, new OpenAiChatDialect()),
        new(Operation.Responses, new OpenAiResponsesDialect()),
        new(Operation.Completions, new OpenAiCompletionsDialect()),
        new(Operation.Embeddings, new OpenAiEmbeddingsDialect()),
        new(Operation.Messages, new AnthropicDialect()),
        new(Operation.CohereChat, new CohereDialect()),
        new(Operation.OllamaChat, new OllamaDialect()),
    ]);

    /// <summary>The dialect, or null when there is none yet.</summary>
    public static IDialect? For(Operation operation) => Dialects.ContainsKey(operation) ? Dialects[operation] : null;
}
