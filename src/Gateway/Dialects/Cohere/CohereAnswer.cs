using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Cohere;

/// <summary>
/// Reads what the assistant says, in a request's history or in a reply. The plan the model tells before it calls tools is text; thoughts are plain.
/// Signatures of other vendors come back in <c>signature</c> and <c>data</c>, where <see cref="CohereReplyWriter"/> put them.
/// </summary>
internal static class CohereAnswer
{
    private static readonly string[] KnownOfCall = ["id", "type", "function", "signature"];

    /// <summary>Adds the parts of a message: thoughts, plan, text, calls.</summary>
    public static void Read(JsonElement message, string path, List<ContentPart> parts)
    {
        var citations = message.Get("citations"u8);
        var texts = new List<int>();
        var plan = message.TextOf("tool_plan"u8, path);
        var hasPlan = !string.IsNullOrEmpty(plan);
        if (hasPlan)
            texts.Add(CohereCitations.Plan);
        var content = message.Get("content"u8);
        if (content.ValueKind == JsonValueKind.String)
            texts.Add(0);
        var index = 0;
        foreach (var block in content.Each())
        {
            if (block.Text("type"u8) == "text")
                texts.Add(index);
            index++;
        }

        var said = new List<ContentPart>();
        ReadContent(content, path, parts, said, block => CohereCitations.Of(citations, block, texts));
        if (hasPlan)
            parts.Add(new TextPart(plan!) { Citations = CohereCitations.Of(citations, CohereCitations.Plan, texts), CitationsOrigin = Operation.CohereChat });
        parts.AddRange(said);
        ReadCalls(message, path, parts);
    }

    private static void ReadContent(JsonElement content, string path, List<ContentPart> thoughts, List<ContentPart> said, Func<int, RawJson> citations)
    {
        if (content.Text() is { } text)
        {
            if (text.Length > 0)
                said.Add(new TextPart(text) { Citations = citations(0), CitationsOrigin = Operation.CohereChat });
            return;
        }

        var index = 0;
        foreach (var block in content.Each())
        {
            var place = $"{path}.content[{index}]";
            switch (block.Text("type"u8))
            {
                case "text":
                    said.Add(new TextPart(block.TextOf("text"u8, place) ?? "")
                    {
                        Citations = citations(index),
                        CitationsOrigin = Operation.CohereChat,
                        Extras = UnknownMembers.Of(block, Operation.CohereChat, place, ["type", "text"]),
                    });
                    break;
                case "thinking":
                    // A thought after text stays there.
                    (said.Count == 0 ? thoughts : said).Add(ReadThought(block, place));
                    break;
                case { } type:
                    said.Add(new OpaquePart(new ExtraMember(Operation.CohereChat, $"{place} ({type})", type, RawJson.Of(block))));
                    break;
                default:
                    throw new RequestFormatException($"'{place}.type' is missing.", $"{place}.type");
            }

            index++;
        }
    }

    private static ReasoningPart ReadThought(JsonElement block, string path)
    {
        var (signature, origin) = Unwrap(block.Text("signature"u8));
        var (encrypted, encryptedOrigin) = Unwrap(block.Text("data"u8));
        return new ReasoningPart
        {
            Text = block.TextOf("thinking"u8, path) ?? "",
            Signature = signature,
            Encrypted = encrypted,
            Origin = signature is not null ? origin : encryptedOrigin,
            Extras = UnknownMembers.Of(block, Operation.CohereChat, path, ["type", "thinking", "signature", "data"]),
        };
    }

    private static void ReadCalls(JsonElement message, string path, List<ContentPart> parts)
    {
        var index = 0;
        foreach (var call in message.ArrayOf("tool_calls"u8, path).Each())
        {
            var place = $"{path}.tool_calls[{index++}]";
            var function = call.ObjectOf("function"u8, place);
            var (signature, origin) = Unwrap(call.Text("signature"u8));
            if (signature is not null)
                parts.Add(new ReasoningPart { Signature = signature, Origin = origin });
            var arguments = function.Get("arguments"u8);
            parts.Add(new ToolCallPart
            {
                Id = call.TextOf("id"u8, place) ?? "",
                Name = function.TextOf("name"u8, place) ?? throw new RequestFormatException($"Missing required parameter: '{place}.function.name'.", $"{place}.function.name"),
                Arguments = arguments.Text() ?? (arguments.Says() ? RawJson.Of(arguments).ToString() : ""),
                Extras = UnknownMembers.Of(call, Operation.CohereChat, place, KnownOfCall),
            });
        }
    }

    private static (string? Signature, ReasoningOrigin Origin) Unwrap(string? text) =>
        text is null ? (null, ReasoningOrigin.Plain) : ForeignSignature.Unwrap(text, ReasoningOrigin.Plain);
}
