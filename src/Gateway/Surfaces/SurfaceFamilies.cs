using Gateway.Dialects;
using Gateway.Protocol;

namespace Gateway.Surfaces;

/// <summary>Tells whose API a request means, for whatever is answered outside an operation: unknown paths, missing keys, lists.</summary>
internal static class SurfaceFamilies
{
    private static readonly (string Prefix, SurfaceFamily Family)[] Prefixes =
    [
        ("/anthropic", SurfaceFamily.Anthropic),
        ("/genai", SurfaceFamily.Gemini),
        ("/v1beta", SurfaceFamily.Gemini),
        ("/v1/messages", SurfaceFamily.Anthropic),
        ("/bedrock", SurfaceFamily.Bedrock),
        ("/cohere", SurfaceFamily.Cohere),
        ("/ollama", SurfaceFamily.Ollama),
        ("/openai", SurfaceFamily.OpenAi),
    ];

    private static readonly string[] Verbs = [":generateContent", ":streamGenerateContent", ":embedContent", ":batchEmbedContents", ":countTokens"];
    private static readonly string[] Libraries = ["/litellm", "/langchain"];

    /// <summary>The family of a path, or of the headers where the path leaves it open.</summary>
    /// <param name="path">The path.</param>
    /// <param name="isAnthropicClient">Whether the request has <c>anthropic-version</c>.</param>
    /// <param name="isGoogleClient">Whether it has <c>x-goog-api-key</c> or <c>x-goog-api-client</c>.</param>
    public static SurfaceFamily Of(ReadOnlySpan<char> path, bool isAnthropicClient, bool isGoogleClient)
    {
        foreach (var library in Libraries)
        {
            if (BeginsWith(path, library))
                path = path[library.Length..];
        }

        foreach (var (prefix, family) in Prefixes)
        {
            if (BeginsWith(path, prefix))
                return family;
        }

        if (isGoogleClient || EndsWithVerb(path))
            return SurfaceFamily.Gemini;
        return isAnthropicClient ? SurfaceFamily.Anthropic : SurfaceFamily.OpenAi;
    }

    /// <summary>The dialect in which a family's errors are written; OpenAI's where the family has none.</summary>
    public static IDialect Dialect(this SurfaceFamily family) => DialectRegistry.For(Chat(family)) ?? DialectRegistry.For(Operation.ChatCompletions)!;

    private static Operation Chat(SurfaceFamily family) => family switch
    {
        SurfaceFamily.Anthropic => Operation.Messages,
        SurfaceFamily.Gemini => Operation.GenerateContent,
        SurfaceFamily.Bedrock => Operation.Converse,
        SurfaceFamily.Cohere => Operation.CohereChat,
        SurfaceFamily.Ollama => Operation.OllamaChat,
        _ => Operation.ChatCompletions,
    };

    // Not any colon: there are models with one in their name.
    private static bool EndsWithVerb(ReadOnlySpan<char> path)
    {
        foreach (var verb in Verbs)
        {
            if (path.EndsWith(verb, StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    private static bool BeginsWith(ReadOnlySpan<char> path, string prefix) =>
        path.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && (path.Length == prefix.Length || path[prefix.Length] == '/');
}
