using Gateway.Admission.Directory;
using Gateway.Configuration;
using Gateway.Errors;
using GatewayApi.Hosting;
using Microsoft.AspNetCore.Authentication;

namespace GatewayApi.Login;

/// <summary>People who logged in, by their session's cookie. What they may do is found anew each time: a mapping that changes counts at once.</summary>
internal sealed class SessionSource(LoginCookies cookies, SnapshotHolder snapshots, IDirectory directory) : IPrincipalSource
{
    public ValueTask<AdminIdentity?> AuthenticateAsync(HttpContext http) =>
        http.Request.Cookies.ContainsKey(cookies.Session) ? CheckAsync(http) : default;

    private async ValueTask<AdminIdentity?> CheckAsync(HttpContext http)
    {
        var result = await http.AuthenticateAsync(LoginSchemes.Session);
        if (!result.Succeeded || SessionClaims.Restore(result.Principal) is not { } who || snapshots.Current.Login?.Config is not { Oidc: not null } config)
            return AdminIdentity.Refused(new GatewayError(ErrorKinds.LoginFailed, "The session has ended. Log in again at /admin/login."));
        return config.Mapping.Map(who, directory.Current) is { Roles.Count: > 0 } principal
            ? AdminIdentity.Known(principal, isAmbient: true)
            : AdminIdentity.Refused(LoginReply.NotPermitted);
    }
}
