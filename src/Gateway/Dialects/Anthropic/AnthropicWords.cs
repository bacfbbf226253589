namespace Gateway.Dialects.Anthropic;

/// <summary>Words that the readers and writers of this wire must agree on.</summary>
internal static class AnthropicWords
{
    /// <summary>The version that Bedrock's InvokeModel wants in the body.</summary>
    public const string BedrockVersion = "bedrock-2023-05-31";
}
