using System.Text;

namespace GatewayApi.Simulator;

/// <summary>Texts that read like an answer and depend on the input alone.</summary>
internal static class CannedText
{
    private const int Sentences = 5;
    private const int TopicWords = 8;

    private static readonly string[] Openings =
    [
        "Here is a short answer",
        "Let me take this step by step",
        "There is a simple way to look at this",
        "In brief, it comes down to a few points",
    ];

    private static readonly string[] Bodies =
    [
        "Start with the smallest version that works and measure it before changing anything.",
        "Most of the effort goes into the cases that rarely happen, so write those down first.",
        "When two options look equally good, pick the one that is easier to undo later.",
        "A clear name saves more time than a clever trick, and it keeps saving it.",
        "It helps to separate what must be true from what is merely convenient today.",
        "Numbers settle most arguments, provided that both sides agree on how to take them.",
        "Keep the parts small enough that each can be explained in one sentence.",
        "If something has to wait, say for how long, and say what happens afterwards.",
        "Failure is part of the interface: decide what the caller sees before it occurs.",
        "Check the result with someone who did not take part in making it.",
    ];

    private static readonly string[] Thoughts =
    [
        "The question is clear enough to answer directly.",
        "I should weigh what is asked against what would be useful.",
        "A few general points will do; an example may confuse more than it helps.",
        "Nothing here needs outside facts, so a short reply is best.",
        "I will keep the order simple and end with something that can be checked.",
    ];

    /// <summary>An answer of 80 to 130 tokens.</summary>
    public static string Reply(string prompt, ulong seed)
    {
        var text = new StringBuilder(Pick(Openings, StableHash.Mix(seed)));
        if (Topic(prompt) is { Length: > 0 } topic)
            text.Append(" on \u201C").Append(topic).Append('\u201D');
        text.Append('.');
        Append(text, Bodies, Sentences, seed);
        return text.ToString();
    }

    /// <summary>Thinking of 25 to 50 tokens.</summary>
    public static string Reasoning(ulong seed)
    {
        var text = new StringBuilder();
        Append(text, Thoughts, 3, seed);
        return text.ToString().TrimStart();
    }

    private static void Append(StringBuilder text, string[] sentences, int count, ulong seed)
    {
        // A step that has no factor in common with the table's length visits each sentence once.
        var start = StableHash.Mix(seed ^ 1) % (ulong)sentences.Length;
        var step = sentences.Length == 10 ? 3UL : 2UL;
        for (var i = 0UL; i < (ulong)count; i++)
            text.Append(' ').Append(sentences[(start + i * step) % (ulong)sentences.Length]);
    }

    private static string Pick(string[] table, ulong hash) => table[hash % (ulong)table.Length];

    private static string Topic(string prompt)
    {
        var words = prompt.Split((char[]?)null, TopicWords + 1, StringSplitOptions.RemoveEmptyEntries);
        var topic = string.Join(' ', words.Take(TopicWords));
        return topic.Length <= 80 ? topic.TrimEnd('.', '?', '!') : string.Empty;
    }
}
