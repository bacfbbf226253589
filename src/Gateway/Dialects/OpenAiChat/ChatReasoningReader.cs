using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.OpenAiChat;

/// <summary>Reads the reasoning of an assistant message: <c>reasoning_details</c>, <c>thinking_blocks</c>, <c>reasoning_content</c> or <c>reasoning</c>, the fullest that is there.</summary>
internal static class ChatReasoningReader
{
    /// <summary>The vendor a <c>format</c> names.</summary>
    public static ReasoningOrigin OriginOf(string? format) => format switch
    {
        null => ReasoningOrigin.Plain,
        _ when format.StartsWith("anthropic", StringComparison.Ordinal) => ReasoningOrigin.Anthropic,
        _ when format.StartsWith("google", StringComparison.Ordinal) || format.StartsWith("gemini", StringComparison.Ordinal) => ReasoningOrigin.Gemini,
        _ when format.Contains("openai", StringComparison.Ordinal) => ReasoningOrigin.OpenAi,
        _ => ReasoningOrigin.Unknown,
    };

    /// <summary>The plain text of reasoning in a message or delta, or null.</summary>
    public static string? PlainText(JsonElement message) =>
        message.Text("reasoning_content"u8) is { Length: > 0 } content ? content
        : message.Text("reasoning"u8) is { Length: > 0 } reasoning ? reasoning
        : null;

    /// <summary>Reads the reasoning of a whole message, in order.</summary>
    public static List<ChatReasoningPiece> Read(JsonElement message)
    {
        var pieces = new List<ChatReasoningPiece>();
        var details = message.Get("reasoning_details"u8);
        if (details.ValueKind == JsonValueKind.Array)
        {
            foreach (var detail in details.EnumerateArray())
                Add(pieces, detail);
        }

        var blocks = message.Get("thinking_blocks"u8);
        if (pieces.Count == 0 && blocks.ValueKind == JsonValueKind.Array)
        {
            foreach (var block in blocks.EnumerateArray())
                AddBlock(pieces, block);
        }

        if (PlainText(message) is { } text && !pieces.Exists(p => p.Text.Length > 0))
            pieces.Insert(0, new ChatReasoningPiece { Text = text, Format = null });
        return pieces;
    }

    /// <summary>Adds one detail. Fragments of a stream that a client only lined up are joined again: same index, and nothing that closes a block between.</summary>
    private static void Add(List<ChatReasoningPiece> pieces, JsonElement detail)
    {
        if (detail.ValueKind != JsonValueKind.Object)
            return;
        var index = detail.Integer("index"u8);
        var text = detail.Text("text"u8) ?? detail.Text("summary"u8) ?? "";
        var signature = detail.Text("signature"u8);
        var data = detail.Text("data"u8);
        var format = detail.Text("format"u8);
        var piece = pieces.FindLast(p => p.Index == index);
        if (piece is null || piece.IsClosed || (piece.Format is not null && format is not null && piece.Format != format))
            pieces.Add(piece = new ChatReasoningPiece { Index = index, Position = (int)Math.Clamp(detail.Integer("position"u8) ?? 0, 0, int.MaxValue) });
        piece.Text += text;
        piece.Signature ??= signature;
        piece.Encrypted ??= data;
        piece.Id ??= detail.Text("id"u8);
        piece.Format ??= format;
    }

    private static void AddBlock(List<ChatReasoningPiece> pieces, JsonElement block)
    {
        const string format = "anthropic-claude-v1";
        if (block.Text("type"u8) == "redacted_thinking" && block.Text("data"u8) is { } data)
            pieces.Add(new ChatReasoningPiece { Encrypted = data, Format = format });
        else if (block.Text("thinking"u8) is { } thinking)
            pieces.Add(new ChatReasoningPiece { Text = thinking, Signature = block.Text("signature"u8), Format = format });
    }
}
