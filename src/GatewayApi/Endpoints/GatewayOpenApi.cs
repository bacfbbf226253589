namespace GatewayApi.Endpoints;

/// <summary>The API's own description at <c>GET /openapi/v1.json</c>.</summary>
internal static class GatewayOpenApi
{
    public static void Add(IServiceCollection services) => services.AddOpenApi("v1");

    public static void Map(WebApplication app) => app.MapOpenApi("/openapi/{documentName}.json");
}
