namespace Gateway.Protocol;

/// <summary>Whose models made a piece of reasoning: signatures are bound to the vendor and mean nothing to another.</summary>
internal enum ReasoningOrigin
{
    /// <summary>Not known; the text may be shown, the signature must not be sent to anyone.</summary>
    Unknown,

    /// <summary>Anthropic's models, wherever they are hosted.</summary>
    Anthropic,

    /// <summary>Google's Gemini models.</summary>
    Gemini,

    /// <summary>OpenAI's models (encrypted reasoning items of the Responses API).</summary>
    OpenAi,

    /// <summary>Models that give reasoning as plain text and no signature.</summary>
    Plain,
}
