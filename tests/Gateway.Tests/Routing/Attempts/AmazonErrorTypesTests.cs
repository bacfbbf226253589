using Gateway.Dialects;
using Gateway.Routing.Attempts;

namespace Gateway.Tests.Routing.Attempts;

public class AmazonErrorTypesTests
{
    [Theory]
    [InlineData("ThrottlingException", null, "provider_rate_limited")]
    [InlineData("throttlingException", null, "provider_rate_limited")]
    [InlineData("ModelNotReadyException", null, "provider_overloaded")]
    [InlineData("serviceUnavailableException", null, "provider_overloaded")]
    [InlineData("ServiceQuotaExceededException", null, "provider_quota_exhausted")]
    [InlineData("AccessDeniedException", null, "provider_authentication_failed")]
    [InlineData("UnrecognizedClientException", null, "provider_authentication_failed")]
    [InlineData("ExpiredTokenException", null, "provider_authentication_failed")]
    [InlineData("ResourceNotFoundException", null, "provider_model_not_found")]
    [InlineData("ValidationException", "The provided model identifier is invalid.", "provider_model_not_found")]
    [InlineData("validationException", "Malformed input request", "provider_rejected_request")]
    [InlineData("ModelTimeoutException", null, "provider_timeout")]
    [InlineData("ModelErrorException", null, "provider_error")]
    [InlineData("modelStreamErrorException", null, "provider_error")]
    [InlineData("internalServerException", null, "provider_error")]
    [InlineData("SomethingElseException", null, null)]
    [InlineData("invalid_request_error", null, null)]
    [InlineData(null, null, null)]
    public void KindOf_Type_IsClassified(string? type, string? message, string? code) =>
        Assert.Equal(code, AmazonErrorTypes.KindOf(new ProviderErrorFacts(type, type, message, null))?.Code);
}
