namespace Gateway.Tests.Testing;

/// <summary>The golden streams of tests/golden; its README says what each holds and where it comes from.</summary>
internal static class OpenAiStreams
{
    /// <summary>Every Chat Completions stream, by name.</summary>
    public static IReadOnlyList<string> ChatNames { get; } =
        [.. Directory.GetFiles(Folder("openai-chat"), "*.sse").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal)];

    /// <summary>A Chat Completions stream.</summary>
    public static byte[] Chat(string name) => File.ReadAllBytes(Path.Combine(Folder("openai-chat"), name + ".sse"));

    /// <summary>A Responses stream.</summary>
    public static byte[] Responses(string name = "text") => File.ReadAllBytes(Path.Combine(Folder("openai-responses"), name + ".sse"));

    /// <summary>A legacy completions stream.</summary>
    public static byte[] Completions(string name = "text") => File.ReadAllBytes(Path.Combine(Folder("openai-completions"), name + ".sse"));

    private static string Folder(string dialect) => Path.Combine(AppContext.BaseDirectory, "golden", dialect);
}
