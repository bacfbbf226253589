using Gateway.Dialects;
using Gateway.Errors;

namespace Gateway.Routing.Attempts;

/// <summary>What the error types of Amazon's services mean. Several share a status, and inside a stream there is none; there the first letter is small.</summary>
internal static class AmazonErrorTypes
{
    private const string Suffix = "Exception";
    private const string UnknownModel = "model identifier is invalid";

    /// <summary>The kind of an error, or null when its type is not one of these.</summary>
    public static ErrorKind? KindOf(ProviderErrorFacts facts)
    {
        if (facts.Type is not { } type || !type.EndsWith(Suffix, StringComparison.Ordinal))
            return null;
        return type[..^Suffix.Length].ToLowerInvariant() switch
        {
            "throttling" or "toomanyrequests" => ErrorKinds.UpstreamRateLimit,
            "modelnotready" or "serviceunavailable" => ErrorKinds.UpstreamOverloaded,
            "servicequotaexceeded" => ErrorKinds.UpstreamQuota,
            "accessdenied" or "unrecognizedclient" or "expiredtoken" or "invalidsignature" or "incompletesignature" or "missingauthenticationtoken"
                => ErrorKinds.UpstreamAuthentication,
            "resourcenotfound" => ErrorKinds.UpstreamModelNotFound,
            "validation" when facts.Message?.Contains(UnknownModel, StringComparison.OrdinalIgnoreCase) == true => ErrorKinds.UpstreamModelNotFound,
            "validation" => ErrorKinds.UpstreamBadRequest,
            "modeltimeout" => ErrorKinds.UpstreamTimeout,
            "modelerror" or "modelstreamerror" or "internalserver" => ErrorKinds.UpstreamFailed,
            _ => null,
        };
    }
}
