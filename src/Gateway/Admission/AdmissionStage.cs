using Gateway.Pipeline;

namespace Gateway.Admission;

/// <summary>Who calls. Runs before a byte of the body is read.</summary>
internal sealed class AdmissionStage(KeyRingHolder keys) : IStage
{
    public ValueTask RunAsync(GatewayContext context, StageDelegate next)
    {
        context.Error = CallerKeys.Authenticate(context.Client, keys.Current, out var key);
        if (context.Error is not null)
            return ValueTask.CompletedTask;
        context.Key = key;
        return next(context);
    }
}
