using Gateway.Pipeline;
using Gateway.Routing.Policies;

namespace Gateway.Routing.Affinity;

/// <summary>What a request hashes to, by what its route says keeps requests together; never the same for two tenants.</summary>
internal static class AffinityKey
{
    /// <summary>The hash; 0 when nothing keeps the request anywhere. Allocates nothing.</summary>
    public static ulong Of(GatewayContext context)
    {
        var route = context.Route!;
        return route.Affinity == AffinityPolicy.None || route.Targets.Count == 1 ? 0 : Hash(context, route.Affinity) ?? 0;
    }

    private static ulong? Hash(GatewayContext context, AffinityPolicy policy)
    {
        var salt = TenantSalt.Of(context);
        var body = context.Body is { } read ? read.WrittenSpan : default;
        return policy switch
        {
            AffinityPolicy.User => EndUserName.Hash(body, salt) ?? TenantSalt.Add(salt, context.Key!.Id),
            AffinityPolicy.Prompt => ConversationStart.Hash(body, salt),
            AffinityPolicy.Header => context.Client.Header(context.Route!.AffinityHeader!) is { Length: > 0 } value ? TenantSalt.Add(salt, value) : null,
            _ => TenantSalt.Add(salt, context.Key!.Id),
        };
    }
}
