namespace Gateway.Surfaces.Models;

/// <summary>The shape of each family's lists.</summary>
internal static class ModelShapes
{
    private static readonly OpenAiModels OpenAi = new();
    private static readonly AnthropicModels Anthropic = new();
    private static readonly GeminiModels Gemini = new();
    private static readonly CohereModels Cohere = new();
    private static readonly OllamaModels Ollama = new();

    /// <summary>The shape.</summary>
    public static IModelShape Of(SurfaceFamily family) => family switch
    {
        SurfaceFamily.Anthropic => Anthropic,
        SurfaceFamily.Gemini => Gemini,
        SurfaceFamily.Cohere => Cohere,
        SurfaceFamily.Ollama => Ollama,
        _ => OpenAi,
    };
}
