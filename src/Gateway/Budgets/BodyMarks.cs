namespace Gateway.Budgets;

/// <summary>Signs in a body that its bytes say little of its tokens. Names are looked for as bytes: one that only seems to be there costs some allowance for a while.</summary>
internal static class BodyMarks
{
    /// <summary>How many images, files and pieces of audio there are, rather too many than too few.</summary>
    public static int Media(ReadOnlySpan<byte> body) =>
        body.Count("\"image_url\""u8) + body.Count("\"input_image\""u8) + body.Count("\"image\""u8) + body.Count("\"images\""u8)
        + body.Count("\"inlineData\""u8) + body.Count("\"inline_data\""u8) + body.Count("\"fileData\""u8) + body.Count("\"file_data\""u8)
        + body.Count("\"fileUri\""u8) + body.Count("\"file_url\""u8) + body.Count("\"file_id\""u8) + body.Count("\"input_audio\""u8)
        + body.Count("\"document\""u8) + body.Count("\"video\""u8);

    /// <summary>Whether an OpenAI response goes on from what the provider keeps.</summary>
    public static bool ContinuesResponse(ReadOnlySpan<byte> body) =>
        body.IndexOf("\"previous_response_id\""u8) >= 0 || body.IndexOf("\"conversation\""u8) >= 0 || body.IndexOf("\"prompt\""u8) >= 0;

    /// <summary>Whether a Gemini request begins with what the provider keeps.</summary>
    public static bool UsesCachedContent(ReadOnlySpan<byte> body) =>
        body.IndexOf("\"cachedContent\""u8) >= 0 || body.IndexOf("\"cached_content\""u8) >= 0;
}
