using Gateway.Admission.Roles;
using Gateway.Audit;
using Gateway.Errors;
using GatewayApi.Endpoints.Admin;

namespace GatewayApi.Hosting;

/// <summary>Stands before every endpoint of the admin API: who calls, may they, and what becomes of refusals.</summary>
internal sealed partial class AdminAccess(IEnumerable<IPrincipalSource> sources, IAuditLog audit, ILogger<AdminAccess> logger)
{
    private const string Nobody = "anonymous";
    private readonly IPrincipalSource[] _sources = [.. sources];

    /// <summary>Serves a request, or refuses it.</summary>
    public async Task RunAsync(HttpContext http, AdminEndpoint endpoint)
    {
        http.Response.Headers.CacheControl = "no-store";
        var actor = Nobody;
        try
        {
            var identity = await AuthenticateAsync(http);
            var principal = identity.Principal ?? throw new ProblemException(identity.Refusal!);
            actor = principal.Id;
            if (identity.IsAmbient && BrowserSafety.MayBeForeign(http.Request))
                throw new ProblemException(new GatewayError(ErrorKinds.CrossSite, $"Changes of a session need the header {BrowserSafety.Header}, or to come from the gateway's own pages."));
            var grant = Grant.Of(principal, endpoint.Permission)
                ?? throw new ProblemException(new GatewayError(ErrorKinds.Forbidden, $"That needs the permission {RoleNames.Of(endpoint.Permission)}, which none of your roles has."));
            endpoint.CheckParameters(http.Request.Query);
            await endpoint.Handler(new AdminCall(http, grant));
        }
        catch (ProblemException e)
        {
            // By endpoint and not by path: a class of refusals, of which there are only so many.
            if (e.Error.Kind.Status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden)
                audit.Denied(actor, e.Error.Code, endpoint.Name);
            await ProblemReply.WriteAsync(http, e.Error, e.Errors);
        }
        catch (Exception e) when (e is (IOException or InvalidDataException) and not BadHttpRequestException && !http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            LogUnavailable(endpoint.Name, e);
            await ProblemReply.WriteAsync(
                http,
                new GatewayError(ErrorKinds.StateUnavailable, "The state store cannot be reached, or its journal is broken. A change may or may not have been made: look again.") { RetryAfter = TimeSpan.FromSeconds(5) },
                []);
        }
    }

    private async ValueTask<AdminIdentity> AuthenticateAsync(HttpContext http)
    {
        foreach (var source in _sources)
        {
            if (await source.AuthenticateAsync(http) is { } identity)
                return identity;
        }

        return AdminIdentity.Refused(AdminKeySource.Presented(http.Request.Headers).IsEmpty
            ? new GatewayError(ErrorKinds.MissingKey, "Nothing says who you are. Send the admin key, or a token that the gateway trusts, as 'Authorization: Bearer …'.")
            : new GatewayError(ErrorKinds.InvalidKey, "The admin key or token is not valid."));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Endpoint} was answered with 503.")]
    private partial void LogUnavailable(string endpoint, Exception exception);
}
