namespace Gateway.Dialects.OpenAiChat;

/// <summary>How a provider wants the reasoning of earlier turns back.</summary>
internal enum ChatReasoningEcho
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Its text as <c>reasoning_content</c>.</summary>
    Text,

    /// <summary>Its text as <c>reasoning_content</c>, empty where there was none, on every assistant turn.</summary>
    TextAlways,

    /// <summary>As <c>reasoning_details</c>, signatures and all.</summary>
    Details,

    /// <summary>As parts of the content.</summary>
    Parts,

    /// <summary>Only Google's signatures, on tool calls.</summary>
    GoogleSignatures,
}
