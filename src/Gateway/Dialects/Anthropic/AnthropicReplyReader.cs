using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Anthropic;

/// <summary>Reads a provider's whole reply.</summary>
internal static class AnthropicReplyReader
{
    private static readonly string[] Members = ["id", "type", "role", "model", "content", "stop_reason", "stop_sequence", "usage"];

    private static readonly string[] UsageMembers =
        ["input_tokens", "output_tokens", "cache_creation_input_tokens", "cache_read_input_tokens", "cache_creation", "output_tokens_details", "service_tier"];

    /// <summary>Reads the body.</summary>
    /// <returns>Null when it is not a message.</returns>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static ChatReply? Read(ReadOnlyMemory<byte> body)
    {
        using var document = WireJson.Parse(body);
        var root = document.RootElement;
        var content = root.Get("content"u8);
        if (root.Text("type"u8) is not ("message" or null) || content.ValueKind != JsonValueKind.Array)
            return null;
        var reply = new ChatReply { Id = root.Text("id"u8), Model = root.Text("model"u8) };
        var choice = new ChatChoice { StopSequence = root.Text("stop_sequence"u8) };
        reply.Choices.Add(choice);
        try
        {
            foreach (var block in content.EnumerateArray())
                choice.Parts.Add(Answer(BlockReader.Read(block, new Place(0, choice.Parts.Count))));
        }
        catch (RequestFormatException)
        {
            return null;
        }

        choice.Finish = AnthropicStop.Read(root.Text("stop_reason"u8), choice.Parts.Exists(p => p is ToolCallPart));
        ReadUsage(root.Get("usage"u8), reply);
        List<ExtraMember>? extras = null;
        AnthropicExtras.Read(root, "", Members, ref extras);
        if (extras is not null)
            reply.Extras.AddRange(extras);
        return reply;
    }

    /// <summary>A call of the answer tool is the answer's text.</summary>
    private static ContentPart Answer(ContentPart part) =>
        part is ToolCallPart { Name: ReservedTool.Name } call ? new TextPart(call.Arguments) : part;

    private static void ReadUsage(JsonElement element, ChatReply reply)
    {
        var usage = default(AnthropicUsage);
        usage.Note(element);
        if (!usage.Said)
            return;
        reply.Usage = usage.Canonical;
        reply.ServiceTier = element.Text("service_tier"u8);
        List<ExtraMember>? extras = null;
        AnthropicExtras.Read(element, "usage", UsageMembers, ref extras);
        if (extras is not null)
            reply.Extras.AddRange(extras);
    }
}
