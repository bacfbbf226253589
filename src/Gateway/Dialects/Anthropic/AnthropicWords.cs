namespace Gateway.Dialects.Anthropic;

/// <summary>Words that the readers and writers of this wire must agree on.</summary>
internal static class AnthropicWords
{
    /// <summary>
    /// The tool whose input is the answer itself, for models that can't be held to a schema otherwise. The readers of replies turn calls of it
    /// back into text; codecs share no state between a request and its reply, so the name alone must tell.
    /// </summary>
    public const string AnswerTool = "gateway_json_answer";

    /// <summary>The version that Bedrock's InvokeModel wants in the body.</summary>
    public const string BedrockVersion = "bedrock-2023-05-31";
}
