namespace Gateway.Tests.Surfaces;

/// <summary>Pieces of OpenAI's wire format, for scripted upstreams.</summary>
internal static class Wire
{
    /// <summary>A role-only first chunk.</summary>
    public const string Role = """{"id":"c1","object":"chat.completion.chunk","created":1,"model":"m-1","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""";

    /// <summary>A usage chunk without choices.</summary>
    public const string Usage = """{"id":"c1","object":"chat.completion.chunk","created":1,"model":"m-1","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7}}""";

    /// <summary>A whole embeddings reply of two vectors as arrays of numbers, for clients that asked for base64.</summary>
    public const string FloatEmbeddings = """{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5,-1.25,3e-2]},{"object":"embedding","embedding":[1,0,-0.125],"index":1}],"model":"m-1","usage":{"prompt_tokens":4,"total_tokens":4}}""";

    /// <summary>A chunk with text.</summary>
    /// <param name="text">As it stands between quotes in JSON.</param>
    public static string Text(string text) =>
        """{"id":"c1","object":"chat.completion.chunk","created":1,"model":"m-1","choices":[{"index":0,"delta":{"content":"TEXT"},"finish_reason":null}]}""".Replace("TEXT", text, StringComparison.Ordinal);

    /// <summary>The chunk that finishes the first choice.</summary>
    public static string Finish(string reason = "stop") =>
        """{"id":"c1","object":"chat.completion.chunk","created":1,"model":"m-1","choices":[{"index":0,"delta":{},"finish_reason":"REASON"}]}""".Replace("REASON", reason, StringComparison.Ordinal);

    /// <summary>A whole chat reply.</summary>
    /// <param name="text">As it stands between quotes in JSON.</param>
    public static string Completion(string text = "hi") =>
        """{"id":"c1","object":"chat.completion","created":1,"model":"m-1","choices":[{"index":0,"message":{"role":"assistant","content":"TEXT"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}""".Replace("TEXT", text, StringComparison.Ordinal);
}
