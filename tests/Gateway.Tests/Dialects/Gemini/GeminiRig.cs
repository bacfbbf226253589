using System.Text.Json.Nodes;
using Gateway.Dialects;
using Gateway.Dialects.Gemini;
using Gateway.Protocol;
using Gateway.Protocol.Parts;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Dialects.Gemini;

/// <summary>Short ways to what Gemini's tests ask again and again.</summary>
internal static class GeminiRig
{
    public const string Newest = "gemini-3-pro-preview";

    public static readonly GeminiCodec Codec = new();

    public static TargetTraits Target(string model = Newest, string kind = "gemini") => CodecRig.Target(model, kind, ReasoningOrigin.Gemini);

    /// <summary>The body for a provider, and what was dropped.</summary>
    public static (JsonNode Body, IReadOnlyList<string> Dropped) Write(ChatRequest request, string model = Newest, string kind = "gemini")
    {
        var (body, dropped) = CodecRig.WriteRequest(Codec, request, Target(model, kind));
        return (JsonNode.Parse(body)!, dropped.Paths);
    }

    /// <summary>A request that says one thing, and what else is put into it.</summary>
    public static ChatRequest Ask(Action<ChatRequest>? more = null, params ChatMessage[] messages)
    {
        var request = new ChatRequest { Model = "m" };
        if (messages.Length == 0)
            messages = [Says(ChatRole.User, new TextPart("Hi"))];
        request.Messages.AddRange(messages);
        more?.Invoke(request);
        return request;
    }

    public static ChatMessage Says(ChatRole role, params ContentPart[] parts) => new() { Role = role, Parts = [.. parts] };

    public static ToolCallPart Call(string id, string name = "f", string arguments = "{}") => new() { Id = id, Name = name, Arguments = arguments };

    public static ToolResultPart Result(string id, params ContentPart[] content) => new() { CallId = id, Content = [.. content] };

    public static ReasoningPart Signature(string signature, string text = "", ReasoningOrigin origin = ReasoningOrigin.Gemini) =>
        new() { Text = text, Signature = signature, Origin = origin };

    public static string Json(JsonNode? node) => node is null ? "null" : node.ToJsonString();

    public static RawJson Raw(string json) => RandomChat.Raw(json);
}
