using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Gemini;

/// <summary>Reads the parts of one turn, a client's or the model's. Results of functions are the business of <see cref="GeminiTurnReader"/>.</summary>
/// <param name="place">What tells this turn's calls from all others, for ids of calls that have none.</param>
internal sealed class GeminiPartReader(string place)
{
    private int _calls;

    /// <summary>Reads one part and adds what it says.</summary>
    /// <param name="part">The part.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="into">The turn's parts so far: pieces of one thought are joined.</param>
    public void Read(JsonElement part, string path, List<ContentPart> into)
    {
        var signature = part.TextOf("thoughtSignature"u8);
        if (part.Get("text"u8).ValueKind == JsonValueKind.String)
            ReadText(part, part.Text("text"u8)!, signature, path, into);
        else if (part.Member("functionCall"u8) is { ValueKind: JsonValueKind.Object } call)
            ReadCall(part, call, signature, path, into);
        else if (part.Member("inlineData"u8) is { ValueKind: JsonValueKind.Object } blob)
            ReadMedia(part, blob, signature, $"{path}.inlineData", into);
        else if (part.Member("fileData"u8) is { ValueKind: JsonValueKind.Object } file)
            ReadMedia(part, file, signature, $"{path}.fileData", into);
        else if (signature is not null && part.EnumerateObject().All(member => GeminiJson.Camel(member) is "thoughtSignature" or "thought"))
            AddSignature(signature, into);
        else if (part.ValueKind == JsonValueKind.Object && part.EnumerateObject().Any())
            into.Add(new OpaquePart(new ExtraMember(Operation.GenerateContent, path, part.EnumerateObject().First().Name, RawJson.Of(part))));
    }

    /// <summary>Whether a part is a piece of thought.</summary>
    public static bool IsThought(JsonElement part) => part.FlagOf("thought"u8) == true;

    private static void ReadText(JsonElement part, string text, string? signature, string path, List<ContentPart> into)
    {
        if (IsThought(part))
        {
            AddThought(text, signature, into);
            return;
        }

        if (signature is not null)
            AddSignature(signature, into);
        if (text.Length > 0 || signature is null)
            into.Add(new TextPart(text) { Extras = Extras(part, path) });
    }

    /// <summary>A stream's thoughts come back from clients in the pieces in which they were sent, and the signature, for all of them, with the last.</summary>
    private static void AddThought(string text, string? signature, List<ContentPart> into)
    {
        if (into.Count > 0 && into[^1] is ReasoningPart { Signature: null, Encrypted: null } open)
        {
            text = open.Text + text;
            into.RemoveAt(into.Count - 1);
        }

        into.Add(signature is null ? new ReasoningPart { Text = text, Origin = ReasoningOrigin.Gemini } : GeminiSignatures.Read(signature, text));
    }

    private static void AddSignature(string signature, List<ContentPart> into) => into.Add(GeminiSignatures.Read(signature, ""));

    private void ReadCall(JsonElement part, JsonElement call, string? signature, string path, List<ContentPart> into)
    {
        if (call.TextOf("name"u8) is not { Length: > 0 } name)
            throw new RequestFormatException($"{path}.functionCall.name is missing.", $"{path}.functionCall.name");
        if (signature is not null)
            AddSignature(signature, into);
        var args = call.Get("args"u8);
        into.Add(new ToolCallPart
        {
            Id = call.TextOf("id"u8) is { Length: > 0 } id ? id : CallIds.Make(place, _calls, name),
            Name = name,
            Arguments = args.Says() ? GeminiJson.Compact(args).ToString() : "{}",
            Extras = Extras(part, path),
        });
        _calls++;
    }

    private static void ReadMedia(JsonElement part, JsonElement media, string? signature, string path, List<ContentPart> into)
    {
        if (signature is not null)
            AddSignature(signature, into);
        into.Add(GeminiMedia.Read(media, path, Extras(part, path[..path.LastIndexOf('.')])));
    }

    private static List<ExtraMember>? Extras(JsonElement part, string path)
    {
        List<ExtraMember>? extras = null;
        foreach (var member in part.EnumerateObject())
        {
            if (member.Value.Says() && GeminiJson.Camel(member) is not ("text" or "thought" or "thoughtSignature" or "functionCall" or "inlineData" or "fileData"))
                (extras ??= []).Add(GeminiJson.Extra(path, member));
        }

        return extras;
    }
}
