using System.Globalization;

namespace GatewayApi.Endpoints;

/// <summary>Takes a catch-all parameter that ends so and has something before: what stands after a model whose name may hold slashes.</summary>
internal sealed class SuffixConstraint(string suffix) : IRouteConstraint
{
    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        Convert.ToString(values[routeKey], CultureInfo.InvariantCulture) is { } value
        && value.Length > suffix.Length
        && value.EndsWith(suffix, StringComparison.Ordinal);
}
