using Gateway.Dialects;
using Gateway.Pipeline;
using Gateway.Routing.Policies;
using Gateway.Transport;

namespace Gateway.Routing.Shadow;

/// <summary>A copy of a request, on its way to another target.</summary>
/// <param name="Context">The copy: the same caller and body, a client that nobody is.</param>
/// <param name="Client">Its client.</param>
/// <param name="Plan">Where it goes.</param>
internal sealed record ShadowCopy(GatewayContext Context, DiscardingClient Client, ShadowPlan Plan)
{
    /// <summary>What the arm of a copy is called.</summary>
    public const string Arm = "shadow";

    // What the provider's answer depends on. An idempotency key is not among them: it belongs to the request itself.
    private static readonly string[] Headers = ["OpenAI-Beta", "anthropic-version", "anthropic-beta"];

    private static readonly AttemptPolicy Once = new() { Most = 1, MostPerTarget = 1 };

    /// <summary>Copies a request; null when its caller may not use the target, or it can't be sent again.</summary>
    /// <param name="original">The request, before it is disposed of.</param>
    /// <param name="rule">The name of the rule that wants it.</param>
    /// <param name="plan">Where the copy goes.</param>
    public static ShadowCopy? Of(GatewayContext original, string rule, ShadowPlan plan)
    {
        var route = new RouteSnapshot
        {
            Name = original.Route!.Name,
            Groups = [TargetGroup.InOrder(plan.Target)],
            Timeouts = plan.Target.Provider.Timeouts,
            Attempts = Once,
            Data = original.Route.Data,
        };
        if (original.Body is not { } body || DialectRegistry.For(original.Operation) is not { } dialect || original.Key!.Access.Find(route) is not { } allowed)
            return null;
        var client = new DiscardingClient(HeadersOf(original));
        var context = new GatewayContext(client, original.Snapshot, original.Operation, dialect, original.RequestId + "-shadow", original.Time)
        {
            IsModelInPath = original.IsModelInPath,
            Key = original.Key,
            Route = allowed,
            Body = new PooledBuffer(body.Length),
            Decision = new RoutingDecision { Rule = rule, Arm = Arm },
        };
        context.Body.Append(body.WrittenSpan);
        (context.Request.Model, context.Request.Stream) = (original.Request.Model, original.Request.Stream);
        if (dialect.ReadRequest(body.WrittenSpan, context.Request) is null)
            return new ShadowCopy(context, client, plan);
        context.Dispose();
        return null;
    }

    private static Dictionary<string, string> HeadersOf(GatewayContext original)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in Headers)
        {
            if (original.Client.Header(name) is { } value)
                headers[name] = value;
        }

        return headers;
    }
}
