using Microsoft.Extensions.Logging;

namespace Gateway.Providers.Credentials;

internal static partial class CredentialLog
{
    [LoggerMessage(EventId = 1, EventName = "credential_fetch_failed", Level = LogLevel.Warning, Message = "{Failure} The earlier credential is still valid: {StillValid}.")]
    public static partial void FetchFailed(ILogger logger, string failure, bool stillValid);
}
