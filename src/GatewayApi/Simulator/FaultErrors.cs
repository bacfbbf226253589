namespace GatewayApi.Simulator;

/// <summary>The errors that faults answer with.</summary>
internal static class FaultErrors
{
    /// <summary>The <c>error.code</c> of a content filter.</summary>
    public const string ContentFilterCode = "content_filter";

    /// <summary>What the fault answers instead of a reply; null when it breaks the reply itself or does nothing.</summary>
    public static SimulatorException? Of(SimulatorFault fault) => fault switch
    {
        SimulatorFault.RateLimited => new(429, "Rate limit reached for requests. Please try again in 2s.")
        {
            Type = "requests",
            Code = "rate_limit_exceeded",
        },
        SimulatorFault.ErrorOnce => new(500, "The server had an error while processing your request. Please retry it.")
        {
            Type = "server_error",
        },
        SimulatorFault.Overloaded => new(503, "The model is overloaded. Please try again later.")
        {
            Type = "server_error",
            Code = "service_unavailable",
        },
        SimulatorFault.ContextLength => new(400, "The input is longer than this model's context of 16 tokens. Please shorten it.")
        {
            Code = "context_length_exceeded",
            Parameter = "messages",
        },
        SimulatorFault.ContentFilter => new(400, "The prompt was refused by the content management policy. Please change it and try again.")
        {
            Type = null,
            Code = ContentFilterCode,
            Parameter = "prompt",
        },
        _ => null,
    };
}
