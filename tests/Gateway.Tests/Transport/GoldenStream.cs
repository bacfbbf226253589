using System.Text;
using System.Text.Json;
using Gateway.Dialects;
using Gateway.Dialects.OpenAiChat;
using Gateway.Dialects.OpenAiCompletions;
using Gateway.Dialects.OpenAiResponses;
using Gateway.Metering;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Transport;

/// <summary>A golden stream with what is true of it, found out without any of the code under test.</summary>
internal sealed class GoldenStream
{
    private GoldenStream(string name)
    {
        Name = name;
        var (dialect, file) = (name.Split('/')[0], name.Split('/')[1]);
        (Bytes, Dialect) = dialect switch
        {
            "openai-chat" => (OpenAiStreams.Chat(file), new OpenAiChatDialect()),
            "openai-completions" => (OpenAiStreams.Completions(file), new OpenAiCompletionsDialect()),
            _ => (OpenAiStreams.Responses(file), (IDialect)new OpenAiResponsesDialect()),
        };
        Choices = file == "two-choices" ? 2 : 1;
        Blocks = SseBlock.Split(Bytes);
        First = Blocks.FindIndex(IsContent);
        Usage = Blocks.FindIndex(b => b.Json is { } json && json.TryGetProperty("usage", out var u) && u.ValueKind == JsonValueKind.Object);
        var usage = Usage >= 0 ? Blocks[Usage].Json!.Value.GetProperty("usage")
            : Blocks[^1].Json is { } last && last.TryGetProperty("response", out var r) ? r.GetProperty("usage") : default;
        if (usage.ValueKind == JsonValueKind.Object)
            ExpectedUsage = ReadUsage(usage);
    }

    /// <summary>Folder and file.</summary>
    public string Name { get; }

    public byte[] Bytes { get; }

    public IDialect Dialect { get; }

    public int Choices { get; }

    public bool IsResponses => Dialect is OpenAiResponsesDialect;

    /// <summary>The events, comments included, in order; together they are all bytes.</summary>
    public List<SseBlock> Blocks { get; }

    /// <summary>Index of the first event with content.</summary>
    public int First { get; }

    /// <summary>Index of the usage event of a stream of chunks; -1 when there is none.</summary>
    public int Usage { get; }

    /// <summary>What the stream says of its tokens.</summary>
    public TokenUsage? ExpectedUsage { get; }

    /// <summary>The bytes a client gets before the tail.</summary>
    public byte[] Forwarded(bool wantsUsage) =>
        [.. Blocks[..^1].Where((_, i) => wantsUsage || i != Usage).SelectMany(b => Bytes[b.Start..b.End])];

    /// <summary>The model it names.</summary>
    public string Model => Name switch
    {
        "openai-chat/reasoning" => "reasoner-test",
        "openai-completions/text" => "instruct-test",
        _ => "gpt-test-2025-01-01",
    };

    /// <summary>Whether every choice has finished in these events.</summary>
    public bool IsFinished(IEnumerable<SseBlock> blocks)
    {
        if (IsResponses)
            return false;
        var finished = new HashSet<int>();
        foreach (var choice in blocks.Where(b => b.Json is not null).SelectMany(b => b.Json!.Value.GetProperty("choices").EnumerateArray()))
        {
            if (choice.GetProperty("finish_reason").ValueKind == JsonValueKind.String)
                finished.Add(choice.GetProperty("index").GetInt32());
        }

        return finished.Count == Choices;
    }

    public static GoldenStream Named(string name) => new(name);

    public static TheoryData<string> Names =>
        [.. OpenAiStreams.ChatNames.Select(name => "openai-chat/" + name), "openai-completions/text", "openai-responses/text"];

    private bool IsContent(SseBlock block)
    {
        if (block.Json is not { } json)
            return false;
        if (IsResponses)
            return json.GetProperty("type").GetString() is not ("response.created" or "response.in_progress" or "response.content_part.added" or "response.output_item.added")
                || (json.TryGetProperty("item", out var item) && item.GetProperty("type").GetString() is not ("message" or "reasoning"));
        return json.GetProperty("choices").EnumerateArray().Any(choice =>
            choice.GetProperty("finish_reason").ValueKind == JsonValueKind.String
            || (choice.TryGetProperty("text", out var text) && text.GetString()!.Length > 0)
            || (choice.TryGetProperty("delta", out var delta) && delta.EnumerateObject().Any(m => m.Name != "role" && m.Value.ToString().Length > 0)));
    }

    private static TokenUsage ReadUsage(JsonElement usage)
    {
        return new TokenUsage(
            Number(usage, "prompt_tokens", "input_tokens"),
            Number(usage, "completion_tokens", "output_tokens"),
            CacheRead: Detail("cached_tokens", "prompt_tokens_details", "input_tokens_details"),
            Reasoning: Detail("reasoning_tokens", "completion_tokens_details", "output_tokens_details"));

        long Detail(string name, params string[] owners) =>
            owners.Where(owner => usage.TryGetProperty(owner, out _)).Select(owner => Number(usage.GetProperty(owner), name)).FirstOrDefault();

        static long Number(JsonElement from, params string[] names) =>
            names.Where(name => from.TryGetProperty(name, out _)).Select(name => from.GetProperty(name).GetInt64()).FirstOrDefault();
    }
}
