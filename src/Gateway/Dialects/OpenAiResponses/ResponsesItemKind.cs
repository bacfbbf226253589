namespace Gateway.Dialects.OpenAiResponses;

/// <summary>What an item of the output is.</summary>
internal enum ResponsesItemKind
{
    /// <summary>The assistant speaks.</summary>
    Message,

    /// <summary>It reasons.</summary>
    Reasoning,

    /// <summary>It calls a function.</summary>
    FunctionCall,

    /// <summary>It made an image.</summary>
    Image,

    /// <summary>Anything else, as it came from a provider of this wire.</summary>
    Raw,
}
