using Gateway.Admission.Roles;
using Gateway.Errors;
using GatewayApi.Endpoints;
using GatewayApi.Endpoints.Admin;
using GatewayApi.Hosting;
using Microsoft.AspNetCore.Authentication;

namespace GatewayApi.Login;

/// <summary><c>GET /admin/login</c>, where a browser begins, and <c>POST /admin/logout</c>. The callback belongs to the code flow's own handler.</summary>
internal static class LoginEndpoints
{
    /// <summary>Where a login ends unless it says otherwise.</summary>
    public const string Home = "/admin/me";

    private const string Parameter = "return";
    private const int LongestReturn = 1_000;

    /// <summary>Maps them; nothing when nobody can log in.</summary>
    public static void MapLogin(this IEndpointRouteBuilder app)
    {
        if (app.ServiceProvider.GetService<LoginCookies>() is null)
            return;
        app.MapGet("/admin/login", LoginAsync).WithMetadata(new EndpointDescription("login", "Sends a browser to the login provider")
        {
            Access = EndpointAccess.Open,
            Details = "Ends at `return` with a session cookie.",
            Parameters = [new(Parameter, $"Where to go afterwards: a path under /admin; {Home} when missing.")],
            Produces = [],
            Errors = [400, 503],
        });
        new AdminRoutes(app).Post("/logout", Permission.SelfView, new EndpointDescription("logout", "Ends the session of this browser") { Produces = [] }, async call =>
        {
            await call.Http.SignOutAsync(LoginSchemes.Session);
            call.Http.Response.StatusCode = StatusCodes.Status204NoContent;
        });
    }

    /// <summary>Whether a login may end there: a path of the admin pages of this very host, and nothing that a browser could take for another host.</summary>
    public static bool IsHome(string path) =>
        path.Length <= LongestReturn && (path == "/admin" || path.StartsWith("/admin/", StringComparison.Ordinal)) && !path.AsSpan().ContainsAnyExceptInRange('!', '~')
        && !path.Contains('\\', StringComparison.Ordinal) && !path.Contains("//", StringComparison.Ordinal) && !path.Contains("..", StringComparison.Ordinal);

    private static async Task LoginAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        var end = (string?)http.Request.Query[Parameter] ?? Home;
        if (!IsHome(end))
        {
            await LoginReply.WriteAsync(http, new GatewayError(ErrorKinds.InvalidParameter, $"'{Parameter}' must be a path under /admin.") { Param = Parameter });
            return;
        }

        try
        {
            await http.ChallengeAsync(LoginSchemes.Oidc, new AuthenticationProperties { RedirectUri = end });
        }
        catch (IOException e) when (!http.Response.HasStarted)
        {
            LoginLog.Unreachable(http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(LoginEndpoints)), e);
            await LoginReply.WriteAsync(http, LoginReply.Unavailable);
        }
    }
}
