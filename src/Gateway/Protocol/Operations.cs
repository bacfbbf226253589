namespace Gateway.Protocol;

/// <summary>Names of operations.</summary>
internal static class Operations
{
    /// <summary>The value of OpenTelemetry's <c>gen_ai.operation.name</c>; "responses" is ours, as the conventions count it under chat.</summary>
    public static string Name(this Operation operation) => operation switch
    {
        Operation.ChatCompletions => "chat",
        Operation.Responses => "responses",
        Operation.Completions => "text_completion",
        _ => "embeddings",
    };
}
