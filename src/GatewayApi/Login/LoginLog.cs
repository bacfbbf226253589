namespace GatewayApi.Login;

/// <summary>What login logs outside of its events.</summary>
internal static partial class LoginLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "A login could not begin: the provider cannot be reached, or does not say where logins begin.")]
    public static partial void Unreachable(ILogger logger, Exception exception);
}
