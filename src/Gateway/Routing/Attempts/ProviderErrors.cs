using System.Net;
using Gateway.Dialects;
using Gateway.Errors;
using Gateway.Providers;

namespace Gateway.Routing.Attempts;

/// <summary>
/// What a provider's error means, and what a client may know of it. The provider's own words are passed on only where the client can
/// mend the request by them; everything else is said in the gateway's words, so that nothing about its credentials or insides leaks.
/// </summary>
internal static class ProviderErrors
{
    private const int MaxMessage = 2_000;

    private static readonly string[] ContextLengthTexts =
        ["context_length_exceeded", "maximum context length", "prompt is too long", "input is too long", "exceeds the maximum number of tokens", "context window"];

    private static readonly string[] ContentFilterCodes =
        ["content_filter", "content_policy_violation", "datainspectionfailed", "data_inspection_failed", "1301"];

    private static readonly string[] QuotaCodes =
        ["insufficient_quota", "billing_hard_limit_reached", "exceeded_current_quota_error", "arrearage", "1113"];

    // OpenAI, Azure and those that imitate them.
    private static readonly string[] UnsupportedCodes = ["unsupported_parameter", "unsupported_value"];

    // The others say it in a sentence: Anthropic, Bedrock, Ollama, Mistral, Groq, DeepSeek, Gemini.
    private static readonly string[] UnsupportedTexts =
        ["unsupported parameter", "model does not support", "model doesn't support", "does not support tool", "does not support thinking", "does not support image", "does not support function", "not supported with this model", "not supported by this model", "not supported for this model", "not supported on this model", "deprecated for this model", "not enabled for models/", "not enabled for this model"];

    // Refusals of the gateway's own account that come as bad requests.
    private static readonly string[] AuthenticationCodes = ["invalid_api_key", "account_unusable"];

    /// <summary>Classifies an answer with an error status.</summary>
    public static GatewayError FromStatus(ProviderSnapshot provider, HttpStatusCode status, ProviderErrorFacts facts, TimeSpan? retryAfter)
    {
        var kind = Said(provider, (int)status, facts) ?? KindOf((int)status, facts);
        var said = retryAfter ?? Waits(kind, facts);
        return Create(provider, kind, facts) with { RetryAfter = RetryAfterOf(kind, said), ProviderRetryAfter = said, UpstreamStatus = (int)status };
    }

    /// <summary>Classifies an error that came inside a stream or a 200.</summary>
    public static GatewayError FromEvent(ProviderSnapshot provider, ProviderErrorFacts facts)
    {
        var kind = Said(provider, 0, facts) ?? KindOf(0, facts);
        var said = Waits(kind, facts);
        return Create(provider, kind, facts) with { RetryAfter = said, ProviderRetryAfter = said };
    }

    private static ErrorKind? Said(ProviderSnapshot provider, int status, ProviderErrorFacts facts) =>
        provider.Errors.Find(status, facts.Code, facts.Type, facts.Message);

    private static ErrorKind KindOf(int status, ProviderErrorFacts facts)
    {
        if (Is(facts, ContentFilterCodes))
            return ErrorKinds.ContentFilter;
        if (status is 0 or 400 or 403 or 413 or 422 && Mentions(facts, ContextLengthTexts))
            return ErrorKinds.ContextLength;
        if (status == 402 || Is(facts, QuotaCodes))
            return ErrorKinds.UpstreamQuota;
        if (status is 0 or 400 && Is(facts, AuthenticationCodes))
            return ErrorKinds.UpstreamAuthentication;
        if (AmazonErrorTypes.KindOf(facts) is { } kind)
            return kind;
        return status switch
        {
            400 or 405 or 409 or 413 or 415 or 422 => ErrorKinds.UpstreamBadRequest,
            401 or 403 or 407 => ErrorKinds.UpstreamAuthentication,
            404 or 410 => ErrorKinds.UpstreamModelNotFound,
            408 or 504 or 524 => ErrorKinds.UpstreamTimeout,
            429 => ErrorKinds.UpstreamRateLimit,
            498 or 503 or 529 => ErrorKinds.UpstreamOverloaded,
            0 when facts.Type is "rate_limit_error" or "rate_limit_exceeded" or "RESOURCE_EXHAUSTED" => ErrorKinds.UpstreamRateLimit,
            0 when facts.Type is "overloaded_error" or "service_unavailable" or "UNAVAILABLE" => ErrorKinds.UpstreamOverloaded,
            0 when facts.Type is "DEADLINE_EXCEEDED" => ErrorKinds.UpstreamTimeout,
            0 when facts.Type is "invalid_request_error" or "INVALID_ARGUMENT" => ErrorKinds.UpstreamBadRequest,
            _ => ErrorKinds.UpstreamFailed,
        };
    }

    private static GatewayError Create(ProviderSnapshot provider, ErrorKind kind, ProviderErrorFacts facts)
    {
        if (ShowsWords(kind) && facts.Message is { Length: > 0 } message)
        {
            return new GatewayError(kind, Masked(provider, message))
            {
                Param = Short(provider, facts.Param),
                Unsupported = UnsupportedBy(kind, facts),
                // A client mends by the provider's finer code; but the classes it must be able to rely on keep ours.
                ProviderCode = kind == ErrorKinds.UpstreamBadRequest ? Short(provider, facts.Code) : null,
            };
        }

        return new GatewayError(kind, $"The provider '{provider.Id}' {Words(kind)}.");
    }

    /// <summary>What the model does not support, where a refusal is about that.</summary>
    private static string? UnsupportedBy(ErrorKind kind, ProviderErrorFacts facts)
    {
        if (kind != ErrorKinds.UpstreamBadRequest || !(Is(facts, UnsupportedCodes) || UnsupportedTexts.Any(text => facts.Message?.Contains(text, StringComparison.OrdinalIgnoreCase) == true)))
            return null;
        return facts.Param ?? TargetAbilities.AbilityIn(facts.Message) ?? "";
    }

    private static bool ShowsWords(ErrorKind kind) =>
        kind == ErrorKinds.UpstreamBadRequest || kind == ErrorKinds.ContextLength || kind == ErrorKinds.ContentFilter;

    private static string Words(ErrorKind kind) =>
        kind == ErrorKinds.UpstreamAuthentication ? "did not accept the gateway's credentials; its operator must mend them"
        : kind == ErrorKinds.UpstreamQuota ? "has no quota left for the gateway's account"
        : kind == ErrorKinds.UpstreamRateLimit ? "is limiting the gateway's rate; try again later"
        : kind == ErrorKinds.UpstreamOverloaded ? "is overloaded; try again later"
        : kind == ErrorKinds.UpstreamModelNotFound ? "does not have this model"
        : kind == ErrorKinds.ContextLength ? "refused the request: it is longer than the model's context"
        : kind == ErrorKinds.ContentFilter ? "refused the request by its content policy"
        : kind == ErrorKinds.UpstreamBadRequest ? "refused the request as invalid"
        : kind == ErrorKinds.UpstreamTimeout ? "took too long"
        : "failed";

    private static TimeSpan? RetryAfterOf(ErrorKind kind, TimeSpan? said) =>
        said ?? (kind == ErrorKinds.UpstreamRateLimit || kind == ErrorKinds.UpstreamOverloaded ? TimeSpan.FromSeconds(1) : null);

    /// <summary>The wait a body speaks of; for a quota that is spent it would be no use.</summary>
    private static TimeSpan? Waits(ErrorKind kind, ProviderErrorFacts facts) => kind == ErrorKinds.UpstreamQuota ? null : facts.RetryAfter;

    /// <summary>Some providers quote the key they were given: it must not travel on.</summary>
    private static string Masked(ProviderSnapshot provider, string message)
    {
        message = provider.Credentials?.Mask(message) ?? message;
        if (message.Length <= MaxMessage)
            return message;
        return message[..(char.IsHighSurrogate(message[MaxMessage - 1]) ? MaxMessage - 1 : MaxMessage)];
    }

    private static string? Short(ProviderSnapshot provider, string? text) => text is { Length: > 0 and <= 128 } ? Masked(provider, text) : null;

    private static bool Is(ProviderErrorFacts facts, string[] codes) =>
        codes.Any(code => code.Equals(facts.Code, StringComparison.OrdinalIgnoreCase) || code.Equals(facts.Type, StringComparison.OrdinalIgnoreCase));

    private static bool Mentions(ProviderErrorFacts facts, string[] texts) =>
        texts.Any(text => facts.Code?.Contains(text, StringComparison.OrdinalIgnoreCase) == true || facts.Message?.Contains(text, StringComparison.OrdinalIgnoreCase) == true);
}
