namespace GatewayApi.Hosting;

/// <summary>One way to prove to the admin API who one is. All that are registered are asked in their order; the first that knows something decides.</summary>
internal interface IPrincipalSource
{
    /// <summary>Who calls; null when the request carries nothing that this source knows.</summary>
    ValueTask<AdminIdentity?> AuthenticateAsync(HttpContext http);
}
