using Gateway.Admission.Roles;
using Gateway.Routing;
using GatewayApi.Hosting;

namespace GatewayApi.Endpoints.Admin;

/// <summary><c>GET /admin/decisions/{id}</c>.</summary>
internal sealed class DecisionListing(DecisionLog decisions)
{
    /// <summary>Maps it.</summary>
    public static void Map(AdminRoutes routes)
    {
        var listing = new DecisionListing(routes.Services.GetRequiredService<DecisionLog>());
        routes.Get("/decisions/{id}", Permission.LedgerView, new EndpointDescription("showDecision", "Shows which way a request took, and why")
        {
            Details = DecisionEndpoints.Details + " Keys choose their request ids: of several with the same the newest is shown.",
            Parameters = [new("key", "Only of the virtual key with this id.")],
            Produces = [new("application/json", OpenApiSchemas.Decision)],
            Errors = [404],
        }, listing.ShowAsync);
    }

    private Task ShowAsync(AdminCall call)
    {
        var key = call.Query("key");
        return decisions.FindAny(call.Id, record => (key ?? record.KeyId) == record.KeyId && IsSeen(call.Grant, record)) is { } found
            ? DecisionEndpoints.WriteAsync(call.Http, found)
            : throw new ProblemException(DecisionEndpoints.NotFound(call.Id));
    }

    private static bool IsSeen(Grant grant, DecisionRecord record) =>
        grant.IsUnlimited
        || (grant.Scopes.HasFlag(PermissionScopes.OwnTeams) && record.TeamId is { } team && grant.Principal.Teams.Contains(team))
        || (grant.Scopes.HasFlag(PermissionScopes.OwnUser) && record.UserId is { } user && user == grant.Principal.UserId);
}
