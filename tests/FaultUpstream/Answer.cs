using System.Globalization;

namespace FaultUpstream;

/// <summary>The right answer to a request.</summary>
/// <param name="Model">The model that gives it.</param>
/// <param name="Words">Its words, each with the space before it but the first.</param>
internal sealed record Answer(string Model, string[] Words)
{
    private const string Order = "say ";

    /// <summary>Tokens of every request.</summary>
    public const int InputTokens = 10;

    /// <summary>Tokens of the answer: one for each word.</summary>
    public int OutputTokens => Words.Length;

    /// <summary>The text.</summary>
    public string Text => string.Concat(Words);

    /// <summary>
    /// The answer of a server: its name and numbers; or, where the request says <c>say TAG COUNT</c>, the tag and so many numbers. Where the request brings the
    /// beginning of that along, the rest of it.
    /// </summary>
    public static Answer To(SeenRequest request, FaultServerOptions options)
    {
        var words = request.Said.StartsWith(Order, StringComparison.Ordinal) && request.Said[Order.Length..].Split(' ') is [var tag, var count]
            ? WordsOf(tag, int.Parse(count, CultureInfo.InvariantCulture))
            : WordsOf(options.Name, options.Words);
        var there = 0;
        for (var length = 0; there < words.Length - 1 && (length += words[there].Length) <= request.Delivered.Length;)
            there++;
        return new Answer(request.Model, words[there..]);
    }

    /// <summary>The words of an answer.</summary>
    public static string[] WordsOf(string tag, int count) =>
        [.. Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : " ")}{tag}-{i}"))];
}
