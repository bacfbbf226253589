using Gateway.Errors;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Providers;
using Gateway.Routing.Policies;

namespace Gateway.Routing.Stored;

/// <summary>
/// At whose place files and batches may be. A batch names any model in its lines, which the gateway does not read: so a key must be allowed
/// all models of the provider.
/// </summary>
internal static class StoredProviders
{
    private const string Header = "x-gateway-provider";

    /// <summary>The provider that a request to make something names; the only one there is when it names none.</summary>
    public static (ProviderSnapshot? Provider, GatewayError? Error) Choose(GatewayContext context)
    {
        var named = context.Client.Header(Header) ?? context.Client.Query("provider");
        if (named is not null)
        {
            return Find(context, named) is { } found
                ? (found, null)
                : (null, new GatewayError(ErrorKinds.InvalidParameter, "The provider that is named has no such endpoint, or this key may not use all of its models.") { Param = "provider" });
        }

        var usable = context.Snapshot.Providers.Keys.Order(StringComparer.Ordinal).Select(id => Find(context, id)).OfType<ProviderSnapshot>().Take(2).ToList();
        return usable switch
        {
            [var only] => (only, null),
            [] => (null, new GatewayError(ErrorKinds.UnsupportedOperation, "No provider of which this key may use all models has such an endpoint.")),
            _ => (null, new GatewayError(ErrorKinds.MissingParameter, $"Name the provider, in the header '{Header}' or as '?provider='.") { Param = "provider" }),
        };
    }

    /// <summary>A provider that has the endpoint and that the key may use; or null.</summary>
    public static ProviderSnapshot? Find(GatewayContext context, string id) =>
        context.Snapshot.Providers.TryGetValue(id, out var provider) && provider.Endpoints.ContainsKey(context.Operation) && context.Key!.Access.AllowsAllOf(id) && DataPolicy.Allows(context, provider) ? provider : null;
}
