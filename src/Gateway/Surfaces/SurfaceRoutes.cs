using Gateway.Protocol;

namespace Gateway.Surfaces;

/// <summary>
/// The paths of every API we expose. Of several paths of one operation the first is the one to recommend; the others are there because
/// some client insists on them. docs/surfaces.md says which.
/// </summary>
internal static class SurfaceRoutes
{
    private static readonly string[] OpenAiBases = ["/v1", "/openai/v1", "/litellm/v1", "/litellm", "/langchain/v1", "/langchain"];
    private static readonly string[] AnthropicBases = ["/anthropic/v1", "/v1", "/litellm/v1", "/langchain/v1"];
    private static readonly string[] GeminiBases =
    [
        "/genai/v1beta", "/genai/v1", "/v1beta", "/v1",
        "/litellm/v1beta", "/litellm/v1", "/litellm", "/langchain/v1beta", "/langchain/v1", "/langchain",
    ];

    private static readonly string[] VertexBases =
    [
        "/genai/v1beta1/projects/{project}/locations/{location}/publishers/{publisher}",
        "/genai/v1/projects/{project}/locations/{location}/publishers/{publisher}",
        "/genai/v1beta1/publishers/{publisher}",
        "/genai/v1/publishers/{publisher}",
    ];

    /// <summary>Every path that a provider answers.</summary>
    public static IReadOnlyList<SurfaceRoute> All { get; } =
    [
        .. OpenAiBases.SelectMany(OpenAi),
        .. Azure("/openai/deployments/{model}"),
        .. AnthropicBases.Select(at => new SurfaceRoute(Operation.Messages, at + "/messages")),
        .. GeminiBases.Concat(VertexBases).SelectMany(Gemini),
        .. Bedrock("/bedrock/model/{model}"),
        new(Operation.CohereChat, "/cohere/v2/chat"),
        new(Operation.CohereEmbed, "/cohere/v2/embed"),
        new(Operation.CohereRerank, "/cohere/v2/rerank"),
        new(Operation.Rerank, "/v1/rerank"),
        new(Operation.OllamaChat, "/ollama/api/chat"),
        new(Operation.OllamaEmbed, "/ollama/api/embed"),
    ];

    /// <summary>Every path at which the gateway itself counts the tokens of a request.</summary>
    public static IReadOnlyList<SurfaceRoute> Counts { get; } =
    [
        .. AnthropicBases.Select(at => new SurfaceRoute(Operation.Messages, at + "/messages/count_tokens")),
        .. GeminiBases.Concat(VertexBases).Select(at => new SurfaceRoute(Operation.GenerateContent, at + "/models/{model}:countTokens", Stream: false)),
    ];

    /// <summary>Every path that is asked for a socket. They are called by GET, and the model stands in the query.</summary>
    public static IReadOnlyList<SurfaceRoute> Sockets { get; } =
    [
        .. OpenAiBases.Append("/openai").Select(at => new SurfaceRoute(Operation.Realtime, at + "/realtime", Stream: true)),
    ];

    private static IEnumerable<SurfaceRoute> OpenAi(string at) =>
    [
        new(Operation.ChatCompletions, at + "/chat/completions"),
        new(Operation.Responses, at + "/responses"),
        new(Operation.Completions, at + "/completions"),
        new(Operation.Embeddings, at + "/embeddings"),
        .. Media(at),
        new(Operation.Moderations, at + "/moderations"),
    ];

    private static IEnumerable<SurfaceRoute> Media(string at) =>
    [
        new(Operation.ImageGenerations, at + "/images/generations"),
        new(Operation.ImageEdits, at + "/images/edits"),
        new(Operation.Speech, at + "/audio/speech"),
        new(Operation.Transcriptions, at + "/audio/transcriptions"),
        new(Operation.Translations, at + "/audio/translations"),
    ];

    private static IEnumerable<SurfaceRoute> Azure(string at) =>
    [
        new(Operation.ChatCompletions, at + "/chat/completions"),
        new(Operation.Completions, at + "/completions"),
        new(Operation.Embeddings, at + "/embeddings"),
        new(Operation.Responses, "/openai/responses"),
        .. Media(at),
    ];

    private static IEnumerable<SurfaceRoute> Gemini(string at) =>
    [
        new(Operation.GenerateContent, at + "/models/{model}:generateContent", Stream: false),
        new(Operation.GenerateContent, at + "/models/{model}:streamGenerateContent", Stream: true),
        new(Operation.EmbedContent, at + "/models/{model}:embedContent", Stream: false),
        new(Operation.BatchEmbedContents, at + "/models/{model}:batchEmbedContents", Stream: false),
    ];

    private static IEnumerable<SurfaceRoute> Bedrock(string at) =>
    [
        new(Operation.Converse, at + "/converse", Stream: false),
        new(Operation.Converse, at + "/converse-stream", Stream: true),
        new(Operation.InvokeModel, at + "/invoke", Stream: false),
        new(Operation.InvokeModel, at + "/invoke-with-response-stream", Stream: true),
    ];
}
