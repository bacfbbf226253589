using Gateway.Protocol;

namespace GatewayApi.Endpoints;

/// <summary>Says which operation an endpoint serves, for the API description.</summary>
internal sealed record OperationMetadata(Operation Operation);
