namespace Gateway.Surfaces;

/// <summary>Whose API a path belongs to: how its errors and its lists look.</summary>
internal enum SurfaceFamily
{
    /// <summary>OpenAI's, Azure's included, and what is the gateway's own.</summary>
    OpenAi,

    /// <summary>Anthropic's.</summary>
    Anthropic,

    /// <summary>Google's.</summary>
    Gemini,

    /// <summary>Amazon's.</summary>
    Bedrock,

    /// <summary>Cohere's.</summary>
    Cohere,

    /// <summary>Ollama's.</summary>
    Ollama,
}
