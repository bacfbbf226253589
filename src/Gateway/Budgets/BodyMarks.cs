using System.Numerics;
using System.Runtime.Intrinsics;

namespace Gateway.Budgets;

/// <summary>Signs in a body that its bytes say little of its tokens. Names are looked for as bytes: one that only seems to be there costs some allowance for a while.</summary>
internal static class BodyMarks
{
    /// <summary>How many images, files and pieces of audio there are, rather too many than too few.</summary>
    public static int Media(ReadOnlySpan<byte> body)
    {
        var count = 0;
        // Thirty-two places at once, for a quote and the first letter of a name: model text has many quotes, and few are followed by one of these.
        for (; body.Length > Vector256<byte>.Count; body = body[Vector256<byte>.Count..])
        {
            var first = Vector256.Create(body[1..]);
            var begins = Vector256.Equals(Vector256.Create(body), Vector256.Create((byte)'"'))
                & (Vector256.Equals(first, Vector256.Create((byte)'i')) | Vector256.Equals(first, Vector256.Create((byte)'f'))
                    | Vector256.Equals(first, Vector256.Create((byte)'d')) | Vector256.Equals(first, Vector256.Create((byte)'v')));
            for (var places = begins.ExtractMostSignificantBits(); places != 0; places &= places - 1)
            {
                if (BeginsWithMedia(body[(BitOperations.TrailingZeroCount(places) + 1)..]))
                    count++;
            }
        }

        while (body.IndexOf((byte)'"') is >= 0 and var quote)
        {
            body = body[(quote + 1)..];
            if (BeginsWithMedia(body))
                count++;
        }

        return count;
    }

    /// <summary>Whether an OpenAI response goes on from what the provider keeps.</summary>
    public static bool ContinuesResponse(ReadOnlySpan<byte> body) =>
        body.IndexOf("\"previous_response_id\""u8) >= 0 || body.IndexOf("\"conversation\""u8) >= 0 || body.IndexOf("\"prompt\""u8) >= 0;

    /// <summary>Whether a Gemini request begins with what the provider keeps.</summary>
    public static bool UsesCachedContent(ReadOnlySpan<byte> body) =>
        body.IndexOf("\"cachedContent\""u8) >= 0 || body.IndexOf("\"cached_content\""u8) >= 0;

    private static bool BeginsWithMedia(ReadOnlySpan<byte> name) => name is [var first, ..] && first switch
    {
        (byte)'i' => name.StartsWith("image_url\""u8) || name.StartsWith("input_image\""u8) || name.StartsWith("image\""u8) || name.StartsWith("images\""u8)
            || name.StartsWith("inlineData\""u8) || name.StartsWith("inline_data\""u8) || name.StartsWith("input_audio\""u8),
        (byte)'f' => name.StartsWith("fileData\""u8) || name.StartsWith("file_data\""u8) || name.StartsWith("fileUri\""u8) || name.StartsWith("file_url\""u8)
            || name.StartsWith("file_id\""u8),
        (byte)'d' => name.StartsWith("document\""u8),
        (byte)'v' => name.StartsWith("video\""u8),
        _ => false,
    };
}
