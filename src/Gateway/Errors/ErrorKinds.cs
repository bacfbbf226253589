namespace Gateway.Errors;

/// <summary>Every kind of error the gateway makes itself. A test holds this list and <c>docs/errors.md</c> equal.</summary>
internal static class ErrorKinds
{
    private const string InvalidRequest = "invalid_request_error";
    private const string Server = "server_error";

    public static readonly ErrorKind InvalidJson = new("invalid_json", 400, ErrorStage.Surface, ErrorBlame.Client, false, InvalidRequest);
    public static readonly ErrorKind InvalidParameter = new("invalid_parameter", 400, ErrorStage.Surface, ErrorBlame.Client, false, InvalidRequest);
    public static readonly ErrorKind MissingParameter = new("missing_parameter", 400, ErrorStage.Surface, ErrorBlame.Client, false, InvalidRequest);
    public static readonly ErrorKind BodyTooLarge = new("request_too_large", 413, ErrorStage.Surface, ErrorBlame.Client, false, InvalidRequest);
    public static readonly ErrorKind UnsupportedMediaType = new("unsupported_media_type", 415, ErrorStage.Surface, ErrorBlame.Client, false, InvalidRequest);
    public static readonly ErrorKind RequestTimeout = new("request_timeout", 408, ErrorStage.Surface, ErrorBlame.Client, true, InvalidRequest);
    public static readonly ErrorKind UnknownEndpoint = new("unknown_endpoint", 404, ErrorStage.Surface, ErrorBlame.Client, false, InvalidRequest);
    public static readonly ErrorKind MethodNotAllowed = new("method_not_allowed", 405, ErrorStage.Surface, ErrorBlame.Client, false, InvalidRequest);
    public static readonly ErrorKind UpgradeRequired = new("upgrade_required", 426, ErrorStage.Surface, ErrorBlame.Client, false, InvalidRequest);
    public static readonly ErrorKind MissingKey = new("missing_api_key", 401, ErrorStage.Admission, ErrorBlame.Client, false, "authentication_error");
    public static readonly ErrorKind InvalidKey = new("invalid_api_key", 401, ErrorStage.Admission, ErrorBlame.Client, false, "authentication_error");
    public static readonly ErrorKind DisabledKey = new("disabled_api_key", 401, ErrorStage.Admission, ErrorBlame.Client, false, "authentication_error");
    public static readonly ErrorKind ExpiredKey = new("expired_api_key", 401, ErrorStage.Admission, ErrorBlame.Client, false, "authentication_error");
    public static readonly ErrorKind InvalidToken = new("invalid_token", 401, ErrorStage.Admission, ErrorBlame.Client, false, "authentication_error");
    public static readonly ErrorKind TokenNotMapped = new("token_not_mapped", 403, ErrorStage.Admission, ErrorBlame.Client, false, "permission_error");
    public static readonly ErrorKind LoginFailed = new("login_failed", 401, ErrorStage.Admission, ErrorBlame.Client, false, "authentication_error");
    public static readonly ErrorKind LoginNotPermitted = new("login_not_permitted", 403, ErrorStage.Admission, ErrorBlame.Client, false, "permission_error");
    public static readonly ErrorKind LoginUnavailable = new("login_unavailable", 503, ErrorStage.Admission, ErrorBlame.Gateway, true, Server);
    public static readonly ErrorKind AddressNotAllowed = new("address_not_allowed", 403, ErrorStage.Admission, ErrorBlame.Client, false, "permission_error");
    public static readonly ErrorKind Forbidden = new("forbidden", 403, ErrorStage.Admission, ErrorBlame.Client, false, "permission_error");
    public static readonly ErrorKind CrossSite = new("cross_site_request", 403, ErrorStage.Admission, ErrorBlame.Client, false, "permission_error");
    public static readonly ErrorKind EntityNotFound = new("entity_not_found", 404, ErrorStage.Admission, ErrorBlame.Client, false, InvalidRequest);
    public static readonly ErrorKind FileManaged = new("file_managed", 409, ErrorStage.Admission, ErrorBlame.Client, false, InvalidRequest);
    public static readonly ErrorKind JobRunning = new("job_running", 409, ErrorStage.Admission, ErrorBlame.Client, true, InvalidRequest);
    public static readonly ErrorKind VersionDiffers = new("version_differs", 412, ErrorStage.Admission, ErrorBlame.Client, false, InvalidRequest);
    public static readonly ErrorKind InvalidEntity = new("invalid_entity", 422, ErrorStage.Admission, ErrorBlame.Client, false, InvalidRequest);
    public static readonly ErrorKind StateUnavailable = new("state_unavailable", 503, ErrorStage.Admission, ErrorBlame.Gateway, true, Server);
    public static readonly ErrorKind BudgetExhausted = new("budget_exhausted", 402, ErrorStage.Budgets, ErrorBlame.Client, false, "insufficient_quota");
    public static readonly ErrorKind BudgetContended = new("budget_contended", 429, ErrorStage.Budgets, ErrorBlame.Client, true, "rate_limit_error");
    public static readonly ErrorKind RateLimited = new("rate_limited", 429, ErrorStage.Budgets, ErrorBlame.Client, true, "rate_limit_error");
    public static readonly ErrorKind LimitsUnavailable = new("limits_unavailable", 503, ErrorStage.Budgets, ErrorBlame.Gateway, true, Server);
    public static readonly ErrorKind Overloaded = new("gateway_overloaded", 503, ErrorStage.Admission, ErrorBlame.Gateway, true, Server);
    public static readonly ErrorKind ModelNotFound = new("model_not_found", 404, ErrorStage.Routing, ErrorBlame.Client, false, InvalidRequest);
    public static readonly ErrorKind ObjectNotFound = new("object_not_found", 404, ErrorStage.Routing, ErrorBlame.Client, false, InvalidRequest);
    public static readonly ErrorKind UnsupportedOperation = new("unsupported_operation", 400, ErrorStage.Routing, ErrorBlame.Client, false, InvalidRequest);
    public static readonly ErrorKind UnsupportedParameter = new("unsupported_parameter", 400, ErrorStage.Routing, ErrorBlame.Client, false, InvalidRequest);
    public static readonly ErrorKind MediaUnavailable = new("media_unavailable", 400, ErrorStage.Routing, ErrorBlame.Client, false, InvalidRequest);
    public static readonly ErrorKind UnknownPrice = new("unknown_price", 400, ErrorStage.Routing, ErrorBlame.Gateway, false, InvalidRequest);
    public static readonly ErrorKind NoProviderKey = new("no_provider_key", 404, ErrorStage.Routing, ErrorBlame.Gateway, false, InvalidRequest);
    public static readonly ErrorKind TargetsUnavailable = new("targets_unavailable", 503, ErrorStage.Routing, ErrorBlame.Provider, true, Server);
    public static readonly ErrorKind UpstreamBadRequest = new("provider_rejected_request", 400, ErrorStage.Upstream, ErrorBlame.Client, false, InvalidRequest);
    public static readonly ErrorKind ContextLength = new("context_length_exceeded", 400, ErrorStage.Upstream, ErrorBlame.Client, false, InvalidRequest);
    public static readonly ErrorKind ContentFilter = new("content_filter", 400, ErrorStage.Upstream, ErrorBlame.Client, false, InvalidRequest);
    public static readonly ErrorKind UpstreamAuthentication = new("provider_authentication_failed", 502, ErrorStage.Upstream, ErrorBlame.Gateway, false, Server);
    public static readonly ErrorKind UpstreamQuota = new("provider_quota_exhausted", 429, ErrorStage.Upstream, ErrorBlame.Gateway, false, "insufficient_quota");
    public static readonly ErrorKind UpstreamRateLimit = new("provider_rate_limited", 429, ErrorStage.Upstream, ErrorBlame.Provider, true, "rate_limit_error");
    public static readonly ErrorKind UpstreamModelNotFound = new("provider_model_not_found", 404, ErrorStage.Upstream, ErrorBlame.Client, false, InvalidRequest);
    public static readonly ErrorKind UpstreamOverloaded = new("provider_overloaded", 503, ErrorStage.Upstream, ErrorBlame.Provider, true, Server);
    public static readonly ErrorKind UpstreamFailed = new("provider_error", 502, ErrorStage.Upstream, ErrorBlame.Provider, true, Server);
    public static readonly ErrorKind UpstreamUnreachable = new("provider_unreachable", 502, ErrorStage.Upstream, ErrorBlame.Provider, true, Server);
    public static readonly ErrorKind UpstreamTimeout = new("provider_timeout", 504, ErrorStage.Upstream, ErrorBlame.Provider, true, Server);
    public static readonly ErrorKind UpstreamMalformed = new("provider_malformed_reply", 502, ErrorStage.Upstream, ErrorBlame.Provider, true, Server);
    public static readonly ErrorKind UpstreamTooLarge = new("provider_reply_too_large", 502, ErrorStage.Upstream, ErrorBlame.Provider, false, Server);
    public static readonly ErrorKind FirstTokenTimeout = new("first_token_timeout", 504, ErrorStage.Upstream, ErrorBlame.Provider, true, Server);
    public static readonly ErrorKind TotalTimeout = new("total_timeout", 504, ErrorStage.Upstream, ErrorBlame.Provider, true, Server);
    public static readonly ErrorKind StreamCut = new("stream_interrupted", 502, ErrorStage.Relay, ErrorBlame.Provider, true, Server);
    public static readonly ErrorKind StreamStalled = new("stream_stalled", 504, ErrorStage.Relay, ErrorBlame.Provider, true, Server);
    public static readonly ErrorKind StreamMalformed = new("stream_malformed", 502, ErrorStage.Relay, ErrorBlame.Provider, true, Server);
    public static readonly ErrorKind LedgerUnavailable = new("ledger_unavailable", 503, ErrorStage.Metering, ErrorBlame.Gateway, true, Server);
    public static readonly ErrorKind Internal = new("internal_error", 500, ErrorStage.Surface, ErrorBlame.Gateway, true, Server);
}
