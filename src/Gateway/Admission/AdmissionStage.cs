using Gateway.Errors;
using Gateway.Pipeline;

namespace Gateway.Admission;

/// <summary>Who calls. Runs before a byte of the body is read.</summary>
internal sealed class AdmissionStage(KeyRingHolder keys) : IStage
{
    public ValueTask RunAsync(GatewayContext context, StageDelegate next)
    {
        context.Error = Authenticate(context);
        return context.Error is null ? next(context) : ValueTask.CompletedTask;
    }

    private GatewayError? Authenticate(GatewayContext context)
    {
        var token = BearerToken.From(context.Client);
        if (token.IsEmpty)
            return new GatewayError(ErrorKinds.MissingKey, "No API key was given. Send a virtual key as 'Authorization: Bearer KEY', 'x-api-key' or 'api-key'.");
        if (keys.Current.Find(token) is not { } key)
            return new GatewayError(ErrorKinds.InvalidKey, "The API key is not known here.");
        if (key.Disabled)
            return new GatewayError(ErrorKinds.DisabledKey, "The API key is disabled.");
        context.Key = key;
        return null;
    }
}
