using Gateway.Errors;
using Gateway.Providers.Profiles;

namespace Gateway.Tests.Providers;

public class ProviderErrorMapTests
{
    [Theory]
    [InlineData("openai", 429, "insufficient_quota", null, null, "provider_quota_exhausted")]
    [InlineData("azure", 404, "DeploymentNotFound", null, null, "provider_model_not_found")]
    [InlineData("anthropic", 529, null, "overloaded_error", "Overloaded", "provider_overloaded")]
    [InlineData("anthropic", 400, null, "invalid_request_error", "Your credit balance is too low to access the API.", "provider_quota_exhausted")]
    [InlineData("anthropic", 400, null, "invalid_request_error", "max_tokens: required", null)]
    [InlineData("bedrock", 0, null, "throttlingException", "Too many requests", "provider_rate_limited")]
    [InlineData("bedrock", 400, null, "ServiceQuotaExceededException", null, "provider_quota_exhausted")]
    [InlineData("gemini", 400, "400", "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", "provider_authentication_failed")]
    [InlineData("vertex", 429, "429", "RESOURCE_EXHAUSTED", null, "provider_rate_limited")]
    [InlineData("mistral", 429, "3505", null, null, "provider_overloaded")]
    [InlineData("cohere", 498, null, null, "invalid api token", "provider_authentication_failed")]
    [InlineData("together", 403, null, null, "too long", "context_length_exceeded")]
    [InlineData("openrouter", 403, "403", null, "flagged", "content_filter")]
    [InlineData("zai", 429, "1113", null, null, "provider_quota_exhausted")]
    [InlineData("moonshot", 429, null, "engine_overloaded_error", null, "provider_overloaded")]
    [InlineData("alibaba", 429, "Throttling.AllocationQuota", null, null, "provider_quota_exhausted")]
    [InlineData("vllm", 400, "400", "BadRequestError", null, null)]
    public void Find_WhatAProviderSays_IsItsKind(string profile, int status, string? code, string? type, string? message, string? expected) =>
        Assert.Equal(expected, ProviderProfiles.Find(profile)!.Errors.Find(status, code, type, message)?.Code);

    [Fact]
    public void Find_TextAndCode_TheTextSaysMore() =>
        Assert.Equal(ErrorKinds.UpstreamQuota, ProviderProfiles.Find("anthropic")!.Errors.Find(429, null, "rate_limit_error", "credit balance is too low"));
}
