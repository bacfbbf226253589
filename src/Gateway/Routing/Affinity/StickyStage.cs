using System.Text;
using Gateway.Errors;
using Gateway.Metering;
using Gateway.Pipeline;
using Gateway.Protocol;

namespace Gateway.Routing.Affinity;

/// <summary>
/// Keeps a Responses request that continues something on the target that made it: no other provider knows the response or can read the
/// reasoning. When that target can't serve, the client is told so; but where the request itself has all that was said, targets for which it
/// is translated may follow: they are not shown the reasoning. What nobody here is known to have made goes where any request would.
/// </summary>
/// <param name="targets">Who made what.</param>
internal sealed class StickyStage(StickyTargets targets) : IStage
{
    public ValueTask RunAsync(GatewayContext context, StageDelegate next) =>
        context.Operation == Operation.Responses && context.Route!.Targets.Count > 1 && context.Body is not null ? KeepAsync(context, next) : next(context);

    private async ValueTask KeepAsync(GatewayContext context, StageDelegate next)
    {
        var salt = TenantSalt.Of(context);
        var isKept = false;
        if (StickyMarks.MayBeIn(context.Body!.WrittenSpan) && StickyMarks.Read(context.Body.WrittenSpan, salt, out var isStored) is { Count: > 0 } marks
            && await targets.FindAsync(marks, context.Client.Gone).ConfigureAwait(false) is { } maker)
        {
            if (context.Route!.Only(t => t.State.Address == maker) is not { } sole)
            {
                context.Error = new GatewayError(ErrorKinds.ObjectNotFound, $"What this request continues was made by a provider that '{context.Route.Name}' does not lead to, and no other knows it.");
                return;
            }

            var others = isStored ? null : context.Route.Only(t => t.State.Address != maker && t.Provider.WireFor(Operation.Responses) is { } wire && wire != Operation.Responses);
            context.Narrow(others is null ? sole : sole with { Groups = [.. sole.Groups, .. others.Groups] });
            isKept = isStored;
        }

        await next(context).ConfigureAwait(false);
        if (isKept && context.Error is { } error && error.Kind == ErrorKinds.TargetsUnavailable)
            context.Error = error with { Message = "The provider that made what this request continues can't serve at the moment, and no other knows it; try again later." };
        if (context is { Outcome: LedgerOutcome.Completed, Wire: Operation.Responses, Target: { } target })
            Note(context, target.State.Address, salt);
    }

    private void Note(GatewayContext context, string address, ulong salt)
    {
        if (context.Reply.Id is { } id)
            targets.Note(StickyMarks.Of(Encoding.UTF8.GetBytes(id), salt), address);
        if (StickyMarks.Conversation(context.Body!.WrittenSpan, salt) is { } conversation)
            targets.Note(conversation, address);
        foreach (var mark in context.Reply.ReasoningMarks)
            targets.Note(TenantSalt.Add(salt, mark), address);
    }
}
