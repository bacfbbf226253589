using FaultUpstream;
using FaultUpstream.Catalogue;

namespace Gateway.Tests.Routing.Failover;

/// <summary>One cell of the table: a fault of the primary target, a form of reply, and a route.</summary>
/// <param name="Fault">What is wrong with the primary.</param>
/// <param name="Form">How the reply is asked for.</param>
/// <param name="Route">What the route has besides.</param>
internal sealed record FailoverCase(Fault Fault, FailoverForm Form, FailoverRoute Route)
{
    // On Anthropic's wire a few of each sort: what differs is the wire, not the rules.
    private static readonly string[] OnMessages =
        ["limited-seconds", "error", "overloaded", "reset", "silence", "headers-silence", "error-after-role", "overloaded-event", "cut", "ends-early", "error-midway", "stall", "malformed", "half-json", "no-terminator"];

    /// <summary>All, in the order of the table.</summary>
    public static IReadOnlyList<FailoverCase> All { get; } =
        [.. from fault in Faults.All from form in FormsOf(fault) from route in RoutesOf(fault) select new FailoverCase(fault, form, route)];

    /// <summary>Its name, which is also its model, its route and its providers.</summary>
    public string Id => $"{Fault.Name}.{Form}.{Route}";

    /// <summary>Whether the route has a second, healthy target.</summary>
    public bool HasFallback => Route != FailoverRoute.One;

    /// <summary>What is said: what is continued must be the same from both targets.</summary>
    public string Prompt => Route == FailoverRoute.Resume ? "say same 12" : "hi";

    /// <summary>Whether a stream is asked for.</summary>
    public bool IsStream => Form is FailoverForm.Stream or FailoverForm.MessagesStream;

    /// <summary>Whether it is spoken to in Anthropic's wire.</summary>
    public bool IsMessages => Form is FailoverForm.MessagesStream or FailoverForm.MessagesWhole;

    /// <summary>The provider that goes wrong; each case has its own, so that what one learns of it does not tell in another.</summary>
    public string Primary => "p-" + Id.Replace('.', '-').ToLowerInvariant();

    /// <summary>What is asked for, for readers.</summary>
    public string Asked => Form switch
    {
        FailoverForm.Whole => "whole",
        FailoverForm.Stream => "stream",
        FailoverForm.MessagesWhole => "whole, Anthropic",
        _ => "stream, Anthropic",
    };

    private static FailoverRoute[] RoutesOf(Fault fault) =>
        fault.Traits.HasFlag(FaultTrait.Breaks) ? [FailoverRoute.Two, FailoverRoute.One, FailoverRoute.Resume] : [FailoverRoute.Two, FailoverRoute.One];

    private static IEnumerable<FailoverForm> FormsOf(Fault fault)
    {
        var isOnMessages = OnMessages.Contains(fault.Name);
        if (fault.Forms.HasFlag(FaultForms.Streamed))
            yield return FailoverForm.Stream;
        if (fault.Forms.HasFlag(FaultForms.Whole))
            yield return FailoverForm.Whole;
        if (isOnMessages && fault.Forms.HasFlag(FaultForms.Streamed))
            yield return FailoverForm.MessagesStream;
        if (isOnMessages && fault.Forms.HasFlag(FaultForms.Whole))
            yield return FailoverForm.MessagesWhole;
    }
}
