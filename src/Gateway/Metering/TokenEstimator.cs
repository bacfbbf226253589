using System.Buffers;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace Gateway.Metering;

/// <summary>
/// Counts tokens when a provider did not, with OpenAI's o200k_base vocabulary: exact for recent OpenAI models, near enough for others,
/// and marked as estimated either way. Thread-safe. The vocabulary takes a moment to load, on first use.
/// </summary>
internal sealed class TokenEstimator
{
    /// <summary>What an image, a file or a piece of audio counts as: a 1024×1024 image at high detail.</summary>
    public const int TokensPerMedium = 765;

    /// <summary>Text beyond this is not tokenised but counted at the rate of what was, so that a giant body costs bounded time.</summary>
    internal const int TokenisedChars = 128 << 10;

    /// <summary>Longer runs are cut: byte-pair merging of one unbroken run grows faster than its length.</summary>
    private const int PieceChars = 512;

    /// <summary>How far back from a cut a space is looked for, so that few words are cut.</summary>
    private const int SeamChars = 64;

    private readonly Lazy<TiktokenTokenizer> _tokenizer = new(() => TiktokenTokenizer.CreateForEncoding("o200k_base"));

    /// <summary>Tokens of a text. Lone surrogates count as a replacement character.</summary>
    public long CountText(ReadOnlySpan<char> text)
    {
        var counted = text[..Math.Min(text.Length, TokenisedChars)];
        var tokens = Tokenise(counted);
        return counted.Length == text.Length ? tokens : Extrapolate(tokens, counted.Length, text.Length);
    }

    /// <summary>Tokens of a text in UTF-8. Invalid bytes count as replacement characters.</summary>
    public long CountText(ReadOnlySpan<byte> utf8)
    {
        var counted = utf8[..Math.Min(utf8.Length, TokenisedChars)];
        var chars = ArrayPool<char>.Shared.Rent(counted.Length);
        try
        {
            var tokens = Tokenise(chars.AsSpan(0, Encoding.UTF8.GetChars(counted, chars)));
            return counted.Length == utf8.Length ? tokens : Extrapolate(tokens, counted.Length, utf8.Length);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(chars);
        }
    }

    /// <summary>
    /// Input tokens of an OpenAI-dialect request (chat, responses, completions, embeddings): its texts, tool definitions, a few tokens per
    /// message, a constant per image, file or audio part. A body that is not JSON counts as far as it could be read.
    /// </summary>
    public long EstimateInput(ReadOnlySpan<byte> requestBody)
    {
        using var walk = new RequestTextWalk();
        walk.Read(requestBody);
        var tokens = Tokenise(walk.Text);
        if (walk.TextBytes > walk.TakenBytes)
            tokens = Extrapolate(tokens, walk.TakenBytes, walk.TextBytes);
        return tokens + walk.FixedTokens;
    }

    private static long Extrapolate(long tokens, long counted, long whole) =>
        (long)Math.Ceiling(tokens * ((double)whole / Math.Max(counted, 1)));

    private long Tokenise(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return 0;
        var tokenizer = _tokenizer.Value;
        long tokens = 0;
        while (!text.IsEmpty)
        {
            var length = PieceLength(text);
            tokens += tokenizer.CountTokens(text[..length], considerPreTokenization: true, considerNormalization: false);
            text = text[length..];
        }

        return tokens;
    }

    private static int PieceLength(ReadOnlySpan<char> text)
    {
        if (text.Length <= PieceChars)
            return text.Length;
        var space = text[(PieceChars - SeamChars)..PieceChars].LastIndexOf(' ');
        if (space >= 0)
            return PieceChars - SeamChars + space;
        return char.IsHighSurrogate(text[PieceChars - 1]) ? PieceChars - 1 : PieceChars;
    }
}
