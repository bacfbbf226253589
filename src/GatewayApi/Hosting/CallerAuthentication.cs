using Gateway.Admission;
using Gateway.Errors;

namespace GatewayApi.Hosting;

/// <summary>Who calls an endpoint that is not part of the pipeline.</summary>
internal static class CallerAuthentication
{
    /// <summary>The virtual key of the caller; null when there is none, and then the reply has been sent.</summary>
    public static async Task<VirtualKey?> RequireKeyAsync(HttpContext http, KeyRingHolder keys)
    {
        var error = CallerKeys.Authenticate(new HttpClientExchange(http), keys.Current, out var key);
        if (error is not null)
            await SurfaceReply.ErrorAsync(http, error);
        return key;
    }
}
