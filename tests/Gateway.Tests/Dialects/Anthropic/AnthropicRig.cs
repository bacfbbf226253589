using System.Text.Json.Nodes;
using Gateway.Dialects;
using Gateway.Dialects.Anthropic;
using Gateway.Protocol;
using Gateway.Protocol.Parts;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Dialects.Anthropic;

/// <summary>Short ways to run the codec.</summary>
internal static class AnthropicRig
{
    public const string Sonnet = "claude-sonnet-4-5";

    public static AnthropicCodec Codec { get; } = new();

    public static string Folder => Path.Combine(Repository.Root, "tests", "golden", "anthropic");

    public static TheoryData<string> Exchanges => [.. Names("*.json")];

    public static TheoryData<string> Streams => [.. Names("*.sse")];

    public static byte[] Stream(string name) => File.ReadAllBytes(Path.Combine(Folder, name + ".sse"));

    public static JsonNode? Part(string exchange, string part) => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, exchange + ".json")))![part];

    public static TargetTraits Target(string model = Sonnet, long? max = 64_000, string kind = "anthropic", bool? reasons = null, ReasoningOrigin vendor = ReasoningOrigin.Anthropic) =>
        new() { Model = model, ProviderKind = kind, MaxOutputTokens = max, Reasons = reasons, Vendor = vendor };

    /// <summary>Writes a request and reads the body as JSON.</summary>
    public static (JsonNode Body, IReadOnlyList<string> Dropped) Write(ChatRequest request, TargetTraits? target = null, IChatCodec? codec = null)
    {
        var (body, dropped) = CodecRig.WriteRequest(codec ?? Codec, request, target ?? Target());
        return (JsonNode.Parse(body)!, dropped.Paths);
    }

    /// <summary>A request of turns.</summary>
    public static ChatRequest Ask(params ChatMessage[] messages)
    {
        var request = new ChatRequest { Model = "any" };
        request.Messages.AddRange(messages.Length > 0 ? messages : [User("Hi")]);
        return request;
    }

    public static ChatMessage User(string text) => User(new TextPart(text));

    public static ChatMessage User(params ContentPart[] parts) => new() { Role = ChatRole.User, Parts = [.. parts] };

    public static ChatMessage Instruct(string text) => new() { Role = ChatRole.System, Parts = [new TextPart(text)] };

    public static ChatMessage Assistant(params ContentPart[] parts) => new() { Role = ChatRole.Assistant, Parts = [.. parts] };

    public static ChatMessage Results(params ToolResultPart[] parts) => new() { Role = ChatRole.Tool, Parts = [.. parts] };

    public static ToolCallPart Call(string id, string arguments = "{}", string name = "f") => new() { Id = id, Name = name, Arguments = arguments };

    public static ToolResultPart Result(string id, string text = "ok", string? name = null) => new() { CallId = id, Content = [new TextPart(text)], Name = name };

    public static ToolDefinition Tool(string name = "f", string? schema = """{"type":"object","properties":{}}""", bool? strict = null, CacheMark? cache = null) =>
        new() { Name = name, Parameters = schema is null ? default : Raw(schema), Strict = strict, Cache = cache };

    public static RawJson Raw(string json) => new(global::System.Text.Encoding.UTF8.GetBytes(json));

    public static void AssertSame(JsonNode? expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(expected, actual), $"Expected\n{expected?.ToJsonString()}\nbut got\n{actual?.ToJsonString()}");

    private static IEnumerable<string> Names(string pattern) => Directory.GetFiles(Folder, pattern).Select(p => Path.GetFileNameWithoutExtension(p)!).Order(StringComparer.Ordinal);
}
