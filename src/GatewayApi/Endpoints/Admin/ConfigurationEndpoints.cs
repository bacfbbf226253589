using System.Text.Json;
using Gateway.Admission.Roles;
using Gateway.Configuration;
using GatewayApi.Hosting;

namespace GatewayApi.Endpoints.Admin;

/// <summary>Shows providers and routes as they serve: defaults filled in, discovered ones included, secrets masked. Files declare them.</summary>
internal sealed class ConfigurationEndpoints(LiveConfiguration live)
{
    /// <summary>Maps them.</summary>
    public static void Map(AdminRoutes routes)
    {
        var endpoints = new ConfigurationEndpoints(routes.Services.GetRequiredService<LiveConfiguration>());
        routes.Get("/providers", Permission.ProvidersView, new("listProviders", "Lists providers as they serve")
        {
            Details = "Read-only: gateway.json and the environment declare them. Of credentials only where they are kept.",
        }, call => endpoints.WriteAsync(call, "providers", "id"));
        routes.Get("/routes", Permission.RoutesView, new("listRoutes", "Lists routes as they serve")
        {
            Details = "Read-only: gateway.json declares them.",
        }, call => endpoints.WriteAsync(call, "routes", "name"));
    }

    private async Task WriteAsync(AdminCall call, string section, string key)
    {
        var build = live.Applied;
        using var document = JsonDocument.Parse(EffectiveConfiguration.Write(build.Config!, build.Providers));
        var entries = document.RootElement.GetProperty(section).EnumerateObject().ToList();
        await call.WriteAsync(200, json =>
        {
            json.WriteStartArray("data"u8);
            foreach (var entry in entries)
            {
                json.WriteStartObject();
                json.WriteString(key, entry.Name);
                foreach (var member in entry.Value.EnumerateObject())
                    member.WriteTo(json);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }
}
