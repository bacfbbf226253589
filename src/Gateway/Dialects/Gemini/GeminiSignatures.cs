using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Gemini;

/// <summary>
/// Thought signatures. Google's own stand on the part they were made for: a function call, an answer's text, an image. Those of other vendors
/// travel wrapped on a part of thought; so does reasoning that only its vendor can read.
/// </summary>
internal static class GeminiSignatures
{
    /// <summary>Stands for a signature that was lost: Google then doesn't check the call.</summary>
    public const string Skip = "skip_thought_signature_validator";

    // No signature holds a colon.
    private const string EncryptedMark = "encrypted:";

    /// <summary>The part of reasoning that a signature on this wire, with the thoughts before it, stands for.</summary>
    public static ReasoningPart Read(string signature, string thoughts)
    {
        var (inner, origin) = ForeignSignature.Unwrap(signature, ReasoningOrigin.Gemini);
        if (!inner.StartsWith(EncryptedMark, StringComparison.Ordinal) || origin == ReasoningOrigin.Gemini)
            return new ReasoningPart { Text = thoughts, Signature = inner, Origin = origin };
        var id = inner.IndexOf(':', EncryptedMark.Length);
        return new ReasoningPart
        {
            Text = thoughts,
            Encrypted = inner[(id + 1)..],
            Id = id <= EncryptedMark.Length ? null : inner[EncryptedMark.Length..id],
            Origin = origin,
        };
    }

    /// <summary>What carries another vendor's reasoning on this wire; null when there is nothing to carry.</summary>
    public static string? Wrap(string? signature, string? encrypted, string? id, ReasoningOrigin origin) =>
        encrypted is not null ? ForeignSignature.Wrap($"{EncryptedMark}{id}:{encrypted}", origin, ReasoningOrigin.Gemini)
        : signature is not null ? ForeignSignature.Wrap(signature, origin, ReasoningOrigin.Gemini)
        : null;

    /// <summary>
    /// Which part of a turn each of Google's signatures belongs on: the call or media right after it; else the next call that has none;
    /// else its own thoughts; else the text after it, or the last one. What finds no place stays where it is, on an empty text.
    /// </summary>
    /// <returns>For each part the signature it is to carry, or null.</returns>
    public static string?[] Place(IReadOnlyList<ContentPart> parts)
    {
        var places = new string?[parts.Count];
        List<int>? waiting = null;
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i] is not ReasoningPart { Signature: { } signature, Origin: ReasoningOrigin.Gemini } reasoning)
                continue;
            var next = i + 1 < parts.Count ? parts[i + 1] : null;
            if (next is ToolCallPart || (reasoning.Text.Length == 0 && next is ImagePart or AudioPart or VideoPart or DocumentPart))
                places[i + 1] = signature;
            else
                (waiting ??= []).Add(i);
        }

        foreach (var i in waiting ?? [])
        {
            var reasoning = (ReasoningPart)parts[i];
            places[PlaceOf(i, reasoning, parts, places)] = reasoning.Signature;
        }

        return places;
    }

    private static int PlaceOf(int at, ReasoningPart reasoning, IReadOnlyList<ContentPart> parts, string?[] places)
    {
        for (var i = at + 1; i < parts.Count; i++)
        {
            if (parts[i] is not ToolCallPart)
                continue;
            if (places[i] is null)
                return i;
            break; // the first call of a set is the one that is signed
        }

        if (reasoning.Text.Length > 0)
            return at;
        if (at + 1 < parts.Count && IsFreeText(at + 1))
            return at + 1;
        for (var i = parts.Count - 1; i >= 0; i--)
        {
            if (IsFreeText(i))
                return i;
        }

        return at;

        bool IsFreeText(int i) => parts[i] is TextPart { Text.Length: > 0 } && places[i] is null;
    }
}
