namespace GatewayApi.Endpoints;

/// <summary>A query parameter.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does.</param>
/// <param name="Format">A format of JSON Schema, such as date-time, or null.</param>
/// <param name="Values">What it may be, when that can be listed.</param>
internal sealed record EndpointParameter(string Name, string Description, string? Format = null, IReadOnlyList<string>? Values = null);
