using Gateway.Audit;
using Gateway.Errors;
using Gateway.Pipeline;
using Gateway.Protocol;

namespace Gateway.Admission;

/// <summary>
/// Tells the audit log of requests that were denied: by admission, by a limit, or because the key may not use the model. Counted by class, nobody waits.
/// </summary>
internal sealed class DenialStage(IAuditLog audit) : IClosingStage
{
    /// <summary>Who calls without a key that is known.</summary>
    private const string Nobody = "unknown";

    public ValueTask RunAsync(GatewayContext context, StageDelegate next)
    {
        context.CloseWith(this);
        return next(context);
    }

    public void Close(GatewayContext context)
    {
        if (context.Error is { Kind: var kind } && IsDenial(kind, context))
            audit.Denied(context.Key?.Id ?? Nobody, kind.Code, context.Operation.Name());
    }

    // A model that is there and not found was one that the key may not use.
    private static bool IsDenial(ErrorKind kind, GatewayContext context) =>
        (kind.Stage is ErrorStage.Admission or ErrorStage.Budgets && kind.Blame == ErrorBlame.Client)
        || (kind == ErrorKinds.ModelNotFound && context.Route is not null);
}
