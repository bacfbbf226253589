using Gateway.Admission.Roles;

namespace GatewayApi.Endpoints.Admin;

/// <summary>Tells callers who they are.</summary>
internal static class SelfEndpoints
{
    /// <summary>Maps them.</summary>
    public static void Map(AdminRoutes routes) => routes.Get("/me", Permission.SelfView, new("getSelf", "Who is calling, and what they may do")
    {
        Produces = [new("application/json", OpenApiSchemas.Self)],
    }, ShowAsync);

    private static Task ShowAsync(AdminCall call)
    {
        var principal = call.Grant.Principal;
        return call.WriteAsync(200, json =>
        {
            json.WriteString("id"u8, principal.Id);
            json.WriteString("name"u8, principal.Name);
            json.WriteString("user"u8, principal.UserId);
            json.WriteStartArray("teams"u8);
            foreach (var team in principal.Teams.Order(StringComparer.Ordinal))
                json.WriteStringValue(team);
            json.WriteEndArray();
            json.WriteStartArray("roles"u8);
            foreach (var role in principal.Roles.Order())
                json.WriteStringValue(RoleNames.Of(role));
            json.WriteEndArray();
            json.WriteStartObject("permissions"u8);
            foreach (var permission in Enum.GetValues<Permission>())
            {
                if (Grant.Of(principal, permission) is not { } grant)
                    continue;
                json.WriteStartArray(RoleNames.Of(permission));
                foreach (var scope in RoleNames.Of(grant.Scopes))
                    json.WriteStringValue(scope);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        });
    }
}
