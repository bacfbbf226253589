namespace Gateway.Admission.Tokens;

/// <summary>Callers who are known by an issuer's token instead of a virtual key.</summary>
internal interface ICallerTokens
{
    /// <summary>Finds who presented a token before that still passes; costs no signature check.</summary>
    bool TryFind(ReadOnlySpan<char> token, out VirtualKey? key);

    /// <summary>Checks a token and says as whom its bearer acts.</summary>
    ValueTask<CallerAnswer> AuthenticateAsync(string token, CancellationToken cancellation);

    /// <summary>Whether a caller who was found earlier may still act.</summary>
    bool Holds(VirtualKey key);
}
