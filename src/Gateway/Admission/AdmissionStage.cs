using Gateway.Admission.Tokens;
using Gateway.Pipeline;

namespace Gateway.Admission;

/// <summary>Who calls. Runs before a byte of the body is read.</summary>
/// <param name="keys">Virtual keys.</param>
/// <param name="tokens">Callers with an issuer's token; null where only keys are accepted.</param>
internal sealed class AdmissionStage(KeyRingHolder keys, ICallerTokens? tokens = null) : IStage
{
    public ValueTask RunAsync(GatewayContext context, StageDelegate next)
    {
        if (tokens is not null && TokenText.From(context.Client) is { IsEmpty: false } token)
        {
            if (!tokens.TryFind(token, out var caller))
                return AuthenticateAsync(tokens, token.ToString(), context, next);
            context.Key = caller;
            return next(context);
        }

        context.Error = CallerKeys.Authenticate(context.Client, keys.Current, out var key);
        if (context.Error is not null)
            return ValueTask.CompletedTask;
        context.Key = key;
        return next(context);
    }

    private static async ValueTask AuthenticateAsync(ICallerTokens tokens, string token, GatewayContext context, StageDelegate next)
    {
        var answer = await tokens.AuthenticateAsync(token, context.Client.Gone).ConfigureAwait(false);
        context.Error = answer.Error;
        if (answer.Key is null)
            return;
        context.Key = answer.Key;
        await next(context).ConfigureAwait(false);
    }
}
