using Gateway.Admission;
using Gateway.Admission.Tokens;
using Gateway.Errors;

namespace GatewayApi.Hosting;

/// <summary>Who calls an endpoint that is not part of the pipeline.</summary>
internal static class CallerAuthentication
{
    /// <summary>The virtual key of the caller; null when there is none, and then the reply has been sent.</summary>
    public static async Task<VirtualKey?> RequireKeyAsync(HttpContext http, KeyRingHolder keys)
    {
        var client = new HttpClientExchange(http);
        if (http.RequestServices.GetService<ICallerTokens>() is { } tokens && TokenText.From(client).ToString() is { Length: > 0 } token)
        {
            if (tokens.TryFind(token, out var caller))
                return caller;
            var answer = await tokens.AuthenticateAsync(token, http.RequestAborted);
            if (answer.Error is not null)
                await SurfaceReply.ErrorAsync(http, answer.Error);
            return answer.Key;
        }

        var error = CallerKeys.Authenticate(client, keys.Current, out var key);
        if (error is not null)
            await SurfaceReply.ErrorAsync(http, error);
        return key;
    }
}
