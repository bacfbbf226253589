using System.Globalization;
using Gateway.Errors;

namespace GatewayApi.Endpoints;

/// <summary>Reads moments in query parameters.</summary>
internal static class QueryTime
{
    /// <summary>Reads one; it may be missing.</summary>
    public static bool TryRead(IQueryCollection parameters, string name, out DateTimeOffset? time, out GatewayError? error)
    {
        time = null;
        error = null;
        if ((string?)parameters[name] is not { } written)
            return true;
        if (DateTimeOffset.TryParse(written, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed))
        {
            time = parsed;
            return true;
        }

        error = new GatewayError(ErrorKinds.InvalidParameter, $"'{name}' must be a time such as 2026-01-31T12:00:00Z.") { Param = name };
        return false;
    }
}
