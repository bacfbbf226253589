namespace GatewayApi.Login;

/// <summary>Names of the ways to authenticate, inside this process.</summary>
internal static class LoginSchemes
{
    /// <summary>The session's cookie.</summary>
    public const string Session = "session";

    /// <summary>The OpenID provider.</summary>
    public const string Oidc = "oidc";
}
