using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Anthropic;

/// <summary>A turn as this wire has it: what neighbours of the same side say is one.</summary>
/// <param name="isAssistant">Whether the model speaks.</param>
internal sealed class Turn(bool isAssistant)
{
    /// <summary>Whether the model speaks.</summary>
    public bool IsAssistant { get; } = isAssistant;

    /// <summary>What is said, in order.</summary>
    public List<Piece> Pieces { get; private set; } = [];

    /// <summary>Members of the turn that only this wire knows.</summary>
    public List<ExtraMember>? Extras { get; set; }

    /// <summary>Whether it can only be a text to be gone on with: no calls, no blocks of server tools.</summary>
    public bool IsPrefill => IsAssistant && Pieces.Count > 0 && Pieces[^1].Part is TextPart && !Pieces.Exists(p => p.Part is OpaquePart or ToolCallPart);

    /// <summary>Results of tools stand before anything else in a turn of the user.</summary>
    public void PutResultsFirst()
    {
        var from = Pieces.FindIndex(p => p.Part is not ToolResultPart);
        if (from >= 0 && Pieces.FindIndex(from, p => p.Part is ToolResultPart) >= 0)
            Pieces = [.. Pieces.Where(p => p.Part is ToolResultPart), .. Pieces.Where(p => p.Part is not ToolResultPart)];
    }

    /// <summary>Models that think within a budget want thinking at the head of a turn.</summary>
    public void PutThinkingFirst()
    {
        var from = Pieces.FindIndex(p => p.Part is ReasoningPart);
        if (from <= 0)
            return;
        var to = Pieces.FindIndex(from, p => p.Part is not ReasoningPart);
        var run = Pieces.GetRange(from, (to < 0 ? Pieces.Count : to) - from);
        Pieces.RemoveRange(from, run.Count);
        Pieces.InsertRange(0, run);
    }

    /// <summary>No turn may end with thinking.</summary>
    public void CutTrailingThinking(DroppedMembers dropped)
    {
        while (Pieces.Count > 0 && Pieces[^1].Part is ReasoningPart)
        {
            dropped.Add(new Place(Pieces[^1].Place.Message).Of("reasoning"));
            Pieces.RemoveAt(Pieces.Count - 1);
        }
    }

    /// <summary>A text to be gone on with must not end in white space.</summary>
    public void TrimEnd()
    {
        var (part, place) = Pieces[^1];
        if (part is not TextPart text || text.Text.Length == 0 || !char.IsWhiteSpace(text.Text[^1]))
            return;
        Pieces[^1] = new Piece(
            new TextPart(text.Text.TrimEnd()) { Citations = text.Citations, CitationsOrigin = text.CitationsOrigin, Cache = text.Cache, Extras = text.Extras },
            place);
    }
}
