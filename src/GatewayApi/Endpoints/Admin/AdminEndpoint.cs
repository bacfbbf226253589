using Gateway.Admission.Roles;
using Gateway.Errors;
using GatewayApi.Hosting;

namespace GatewayApi.Endpoints.Admin;

/// <summary>An endpoint of the admin API. Metadata of the mapped endpoint: what is under <c>/admin</c> without it fails a test.</summary>
/// <param name="Name">Method and pattern, such as <c>GET /admin/keys/{id}</c>.</param>
/// <param name="Permission">What it needs.</param>
/// <param name="Description">What the API description says of it.</param>
/// <param name="Handler">Serves a request of somebody who has the permission; sees itself to its scopes.</param>
internal sealed record AdminEndpoint(string Name, Permission Permission, EndpointDescription Description, Func<AdminCall, Task> Handler)
{
    /// <summary>A parameter that is misspelt would otherwise silently be passed over.</summary>
    /// <exception cref="ProblemException">There is one that it doesn't know, or the same one twice.</exception>
    public void CheckParameters(IQueryCollection query)
    {
        foreach (var (name, values) in query)
        {
            if (!Description.Parameters.Any(p => p.Name == name))
            {
                var known = Description.Parameters.Count == 0 ? "there are none" : "there are " + string.Join(", ", Description.Parameters.Select(p => p.Name));
                throw Invalid(name, $"There is no parameter '{name}'; {known}.");
            }

            if (values.Count > 1)
                throw Invalid(name, $"'{name}' stands there more than once.");
        }
    }

    /// <summary>The problem of a parameter.</summary>
    public static ProblemException Invalid(string parameter, string message) =>
        new(new GatewayError(ErrorKinds.InvalidParameter, message) { Param = parameter }, [new(parameter, message)]);
}
