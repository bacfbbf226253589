namespace GatewayApi.Endpoints;

/// <summary>
/// The paths that nearly every request asks for, each with who serves it. Asked before routing, which costs a request several times as
/// much; whatever is not written exactly so goes the way of all other requests.
/// </summary>
internal sealed class OperationPaths
{
    private readonly Dictionary<string, RequestDelegate> _served = new(StringComparer.Ordinal);

    /// <summary>Serves POST requests of this path. Only before the first request.</summary>
    public void Add(string path, RequestDelegate serve) => _served.Add(path, serve);

    /// <summary>Who serves this request, or null.</summary>
    public RequestDelegate? Find(HttpRequest request) =>
        request.Path.Value is { } path && _served.TryGetValue(path, out var serve) && HttpMethods.IsPost(request.Method) && !request.PathBase.HasValue
            ? serve
            : null;
}
