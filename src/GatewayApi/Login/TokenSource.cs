using Gateway.Admission.Directory;
using Gateway.Admission.Tokens;
using Gateway.Configuration;
using Gateway.Errors;
using GatewayApi.Hosting;

namespace GatewayApi.Login;

/// <summary>Automation with an issuer's token, as <c>Authorization: Bearer</c>.</summary>
internal sealed class TokenSource(ITokenValidator validator, SnapshotHolder snapshots, IDirectory directory) : IPrincipalSource
{
    private const string Scheme = "Bearer ";

    public ValueTask<AdminIdentity?> AuthenticateAsync(HttpContext http)
    {
        var header = http.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return default;
        var token = header.AsSpan(Scheme.Length).Trim();
        return TokenText.Is(token) ? CheckAsync(token.ToString(), http.RequestAborted) : default;
    }

    private async ValueTask<AdminIdentity?> CheckAsync(string token, CancellationToken cancellation)
    {
        var verdict = await validator.ValidateAsync(token, cancellation);
        if (verdict.Who is not { } who)
            return AdminIdentity.Refused(new GatewayError(ErrorKinds.InvalidToken, $"The token {verdict.Fault}."));
        return snapshots.Current.Login?.Config.Mapping.Map(who, directory.Current) is { Roles.Count: > 0 } principal
            ? AdminIdentity.Known(principal)
            : AdminIdentity.Refused(new GatewayError(ErrorKinds.LoginNotPermitted, "The token is valid, but nothing in it gives a role here."));
    }
}
