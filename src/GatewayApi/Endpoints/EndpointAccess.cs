namespace GatewayApi.Endpoints;

/// <summary>Whose key an endpoint asks for.</summary>
internal enum EndpointAccess
{
    /// <summary>Nobody's.</summary>
    Open,

    /// <summary>A virtual key.</summary>
    Key,

    /// <summary>The admin key, or a role.</summary>
    Admin,

    /// <summary>The Dapr sidecar's token; without one, only callers on this machine.</summary>
    Sidecar,
}
