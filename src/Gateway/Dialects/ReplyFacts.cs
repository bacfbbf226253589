using System.IO.Hashing;
using Gateway.Metering;
using Gateway.Protocol;

namespace Gateway.Dialects;

/// <summary>What a reply says of itself. Filled by a dialect while it reads a body or watches a stream.</summary>
internal sealed class ReplyFacts
{
    // A reply has a few; more are not needed to know its maker.
    private const int MostReasoning = 32;

    private List<ulong>? _reasoning;

    /// <summary>The provider's id of the response, or null.</summary>
    public string? Id { get; set; }

    /// <summary>The model that answered, as the provider says, or null.</summary>
    public string? Model { get; set; }

    /// <summary>Tokens, or null when the provider did not say, or nothing that can be true.</summary>
    public TokenUsage? Usage { get; set => field = TokenUsage.Believed(value); }

    /// <summary>Searches the provider bills instead of tokens (reranking), or null.</summary>
    public long? SearchUnits { get; set => field = value is { } count && TokenUsage.IsPossible(count) ? value : null; }

    /// <summary>Seconds of audio that a transcript's usage or duration tells, or null.</summary>
    public double? AudioSeconds { get; set; }

    /// <summary>Finish reason of the first choice in OpenAI's words, or null.</summary>
    public string? FinishReason { get; set; }

    /// <summary>Reasoning of the reply that only its maker can read when it is sent back: <see cref="MarkOf"/> of each id and encrypted content.</summary>
    public IReadOnlyList<ulong> ReasoningMarks => _reasoning ?? [];

    /// <summary>A short stand-in for an id, which may be long.</summary>
    public static ulong MarkOf(ReadOnlySpan<byte> id) => XxHash3.HashToUInt64(id);

    /// <summary>Notes a piece of such reasoning; the same one again changes nothing.</summary>
    public void NoteReasoning(ReadOnlySpan<byte> id)
    {
        var mark = MarkOf(id);
        if ((_reasoning ??= []).Count < MostReasoning && !_reasoning.Contains(mark))
            _reasoning.Add(mark);
    }

    /// <summary>Takes over what a whole reply says.</summary>
    public void Note(ChatReply reply)
    {
        Id ??= reply.Id;
        Model ??= reply.Model;
        Usage ??= reply.Usage;
        if (reply.Choices.Count > 0)
            FinishReason ??= FinishWords.OpenAi(reply.Choices[0].Finish);
    }
}
