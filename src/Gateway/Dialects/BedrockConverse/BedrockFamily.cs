namespace Gateway.Dialects.BedrockConverse;

/// <summary>Families of the models on Bedrock that take the same requests.</summary>
internal enum BedrockFamily
{
    /// <summary>Any other, or not known.</summary>
    Other,

    /// <summary>Anthropic's Claude.</summary>
    Anthropic,

    /// <summary>Amazon's Nova.</summary>
    Nova,

    /// <summary>OpenAI's models.</summary>
    OpenAi,

    /// <summary>DeepSeek's models.</summary>
    DeepSeek,

    /// <summary>Mistral's older models.</summary>
    Mistral,

    /// <summary>The newer models with open weights (Qwen, Kimi, MiniMax, GLM, Gemma, Nemotron, Ministral…), which Bedrock serves alike.</summary>
    OpenWeights,
}
