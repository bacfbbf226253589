namespace FaultUpstream.Catalogue;

/// <summary>The provider refuses: the gateway's account, the model, or the request.</summary>
internal static class RefusalFaults
{
    public static IReadOnlyList<Fault> All { get; } =
    [
        Refusal("unauthorized", "401", 401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided."),
        Refusal("forbidden", "403", 403, "invalid_request_error", null, "Country not supported."),
        Refusal("payment", "402", 402, "billing_error", null, "Payment required."),
        Refusal("quota", "429 `insufficient_quota`", 429, "insufficient_quota", "insufficient_quota", "You exceeded your current quota."),
        Refusal("no-model", "404 for the model", 404, "invalid_request_error", "model_not_found", "The model does not exist."),
        Refusal("unsupported-parameter", "400 `unsupported_parameter` for `temperature`, of which no model's card speaks", 400, "invalid_request_error", "unsupported_parameter", "Unsupported parameter: 'temperature' is not supported with this model.", "temperature", FaultTrait.Final),
        Refusal("bad-request", "400", 400, "invalid_request_error", null, "Invalid value for 'messages'.", "messages", FaultTrait.Final),
        Refusal("context-length", "400 `context_length_exceeded`", 400, "invalid_request_error", "context_length_exceeded", "This model's maximum context length is 8192 tokens.", "messages"),
        Refusal("content-filter", "400 `content_filter`", 400, "invalid_request_error", "content_filter", "The response was filtered.", "prompt", FaultTrait.Final),
    ];

    private static Fault Refusal(string name, string what, int status, string type, string? code, string message, string? param = null, FaultTrait traits = FaultTrait.None) =>
        new(name, what, exchange => exchange.ErrorAsync(status, type, code, message, param)) { Traits = traits };
}
