using Gateway.Pipeline;
using Gateway.Routing.Policies;
using Gateway.Routing.Strategies;

namespace Gateway.Routing.Affinity;

/// <summary>What a request hashes to, by what its route says keeps requests together; never the same for two tenants.</summary>
internal static class AffinityKey
{
    /// <summary>The hash; 0 when nothing keeps the request anywhere. Allocates nothing.</summary>
    public static ulong Of(GatewayContext context)
    {
        var route = context.Route!;
        if (route.Targets.Count == 1 || PolicyOf(route) is not (var policy and not AffinityPolicy.None))
            return 0;
        var hash = Hash(context, policy);
        return hash ?? 0;
    }

    /// <summary>A group that hashes has something to hash also where its route names nothing: how the conversation begins.</summary>
    private static AffinityPolicy PolicyOf(RouteSnapshot route)
    {
        if (route.Affinity != AffinityPolicy.None)
            return route.Affinity;
        foreach (var group in route.Groups)
        {
            if (group.Strategy is HashStrategy)
                return AffinityPolicy.Prompt;
        }

        return AffinityPolicy.None;
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
