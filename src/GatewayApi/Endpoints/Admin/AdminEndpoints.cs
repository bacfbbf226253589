namespace GatewayApi.Endpoints.Admin;

/// <summary>Maps the admin API.</summary>
internal static class AdminEndpoints
{
    public static void MapAdmin(this IEndpointRouteBuilder app)
    {
        var routes = new AdminRoutes(app);
        SelfEndpoints.Map(routes);
        EntityEndpoints.Map(routes);
        KeyEndpoints.Map(routes);
        LimitEndpoints.Map(routes);
        ConfigurationEndpoints.Map(routes);
        PriceEndpoints.Map(routes);
        LedgerListing.Map(routes);
        UsageListing.Map(routes);
        DecisionListing.Map(routes);
        JobEndpoints.Map(routes);
        TargetEndpoints.Map(routes);
        AuditEndpoints.Map(routes);
    }
}
