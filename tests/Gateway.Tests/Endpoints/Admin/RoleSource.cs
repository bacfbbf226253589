using Gateway.Admission.Roles;
using GatewayApi.Hosting;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Endpoints.Admin;

/// <summary>Believes the header <c>x-test-role</c>, or a cookie <c>role</c>: the user ann of the team core.</summary>
internal sealed class RoleSource : IPrincipalSource
{
    public const string Header = "x-test-role";

    public ValueTask<AdminIdentity?> AuthenticateAsync(HttpContext http)
    {
        var cookie = http.Request.Cookies["role"];
        if ((cookie ?? http.Request.Headers[Header].ToString()) is not { Length: > 0 } word)
            return default;
        var roles = new HashSet<Role>();
        if (RoleNames.Parse(word) is { } role)
            roles.Add(role);
        return new(AdminIdentity.Known(new Principal($"test:{word}", roles) { UserId = "ann", Teams = new HashSet<string> { "core" } }, isAmbient: cookie is not null));
    }
}
