using Gateway.Errors;

namespace Gateway.Admission;

/// <summary>Authenticates a presented key.</summary>
internal static class CallerKeys
{
    /// <summary>Finds the key; otherwise says why the caller is refused.</summary>
    public static GatewayError? Authenticate(ReadOnlySpan<char> token, KeyRing keys, KeyHashMemo? memo, out VirtualKey? key)
    {
        key = null;
        if (token.IsEmpty)
            return new GatewayError(ErrorKinds.MissingKey, "No API key was given. Send a virtual key as 'Authorization: Bearer KEY', 'x-api-key', 'api-key' or 'x-goog-api-key'.");
        if (keys.Find(token, memo) is not { } found)
            return new GatewayError(ErrorKinds.InvalidKey, "The API key is not known here.");
        if (found.Disabled)
            return new GatewayError(ErrorKinds.DisabledKey, "The API key is disabled.");
        key = found;
        return null;
    }
}
