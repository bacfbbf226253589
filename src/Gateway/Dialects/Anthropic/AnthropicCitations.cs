using Gateway.Protocol;

namespace Gateway.Dialects.Anthropic;

/// <summary>Citations of this wire.</summary>
internal static class AnthropicCitations
{
    /// <summary>Whether a citation has this wire's form; a stream doesn't say whose it is.</summary>
    public static bool IsOwn(RawJson citation)
    {
        if (citation.IsMissing)
            return false;
        using var document = citation.Parse();
        return document.RootElement.Text("type"u8) is "char_location" or "page_location" or "content_block_location" or "web_search_result_location" or "search_result_location";
    }
}
