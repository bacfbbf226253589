namespace GatewayApi.Endpoints;

/// <summary>Metadata of an endpoint that does what a described one does, at a path that some client insists on. The API description leaves it out.</summary>
/// <param name="Id">The described one's operation id.</param>
internal sealed record EndpointAlias(string Id);
