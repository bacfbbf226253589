using Gateway.Errors;
using Gateway.Pipeline;

namespace Gateway.Admission;

/// <summary>Authenticates a presented key.</summary>
internal static class CallerKeys
{
    /// <summary>Finds the key; otherwise says why the caller is refused.</summary>
    public static GatewayError? Authenticate(IClientExchange client, KeyRing keys, out VirtualKey? key)
    {
        key = null;
        var token = BearerToken.From(client);
        if (token.IsEmpty)
            return new GatewayError(ErrorKinds.MissingKey, "No API key was given. Send a virtual key as 'Authorization: Bearer KEY', 'x-api-key', 'api-key' or 'x-goog-api-key'.");
        if (keys.Find(token, client.KeyMemo) is not { } found)
            return new GatewayError(ErrorKinds.InvalidKey, "The API key is not known here.");
        if (found.Disabled)
            return new GatewayError(ErrorKinds.DisabledKey, "The API key is disabled.");
        if (found.Expires is { } expires && keys.Time.GetUtcNow() >= expires)
            return new GatewayError(ErrorKinds.ExpiredKey, "The API key has expired.");
        // Where the address can't be known, it is none of those that are allowed.
        if (found.AllowedNetworks.Count > 0 && (client.RemoteAddress is not { } address || !ClientAddress.Contains(found.AllowedNetworks, address)))
            return new GatewayError(ErrorKinds.AddressNotAllowed, "The API key may not be used from this network.");
        key = found;
        return null;
    }
}
