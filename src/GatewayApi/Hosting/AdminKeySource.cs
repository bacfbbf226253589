using Gateway.Admission;
using Gateway.Admission.Roles;

namespace GatewayApi.Hosting;

/// <summary>The admin key, as <c>Authorization: Bearer</c> or <c>x-api-key</c>. Who has it is an owner.</summary>
internal sealed class AdminKeySource(AdminKey key) : IPrincipalSource
{
    private const string Scheme = "Bearer ";
    private static readonly Principal Owner = new("admin-key", new HashSet<Role> { Role.Owner }) { Name = "Admin key" };
    private static readonly AdminIdentity Identity = AdminIdentity.Known(Owner);

    public ValueTask<AdminIdentity?> AuthenticateAsync(HttpContext http)
    {
        var value = Presented(http.Request.Headers);
        return new(!value.IsEmpty && key.Is(value) ? Identity : null);
    }

    /// <summary>What a request presents as a key or token; empty: nothing.</summary>
    public static ReadOnlySpan<char> Presented(IHeaderDictionary headers)
    {
        var authorization = headers.Authorization.ToString();
        return authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? authorization.AsSpan(Scheme.Length).Trim()
            : headers["x-api-key"].ToString().AsSpan().Trim();
    }
}
