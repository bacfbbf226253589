using Gateway.Admission.Roles;
using GatewayApi.Hosting;

namespace GatewayApi.Endpoints.Admin;

/// <summary>Maps endpoints under <c>/admin</c>. There is no way to map one here that needs no permission.</summary>
internal sealed class AdminRoutes(IEndpointRouteBuilder app)
{
    /// <summary>Where the admin API is.</summary>
    public const string Base = "/admin";

    private static readonly int[] Errors = [400, 401, 403, 503];

    private readonly AdminAccess _access = app.ServiceProvider.GetRequiredService<AdminAccess>();

    /// <summary>What endpoints are made of.</summary>
    public IServiceProvider Services => app.ServiceProvider;

    /// <summary>Maps <c>GET</c>.</summary>
    public void Get(string path, Permission permission, EndpointDescription description, Func<AdminCall, Task> handler) => Map("GET", path, permission, description, handler);

    /// <summary>Maps <c>PUT</c>.</summary>
    public void Put(string path, Permission permission, EndpointDescription description, Func<AdminCall, Task> handler) => Map("PUT", path, permission, description, handler);

    /// <summary>Maps <c>POST</c>.</summary>
    public void Post(string path, Permission permission, EndpointDescription description, Func<AdminCall, Task> handler) => Map("POST", path, permission, description, handler);

    /// <summary>Maps <c>DELETE</c>.</summary>
    public void Delete(string path, Permission permission, EndpointDescription description, Func<AdminCall, Task> handler) => Map("DELETE", path, permission, description, handler);

    private void Map(string method, string path, Permission permission, EndpointDescription description, Func<AdminCall, Task> handler)
    {
        var pattern = Base + path;
        var needs = $"Needs the permission `{RoleNames.Of(permission)}`.";
        description = description with
        {
            Access = EndpointAccess.Admin,
            Details = description.Details is { } details ? $"{details} {needs}" : needs,
            Errors = [.. Errors.Concat(description.Errors).Distinct().Order()],
        };
        var endpoint = new AdminEndpoint($"{method} {pattern}", permission, description, handler);
        app.MapMethods(pattern, [method], http => _access.RunAsync(http, endpoint)).WithMetadata(endpoint, description);
    }
}
