using Gateway.Errors;

namespace Gateway.Routing.Attempts;

/// <summary>
/// What may follow which error. The table behind docs/failover.md: a moment's trouble is worth another call of the same target, a
/// target that can't serve now another target; what would fail anywhere, or was refused for what it says, goes to the client as it is.
/// </summary>
internal static class AttemptEnds
{
    /// <summary>What may follow an error that came before the client saw any content.</summary>
    public static AttemptEnd After(GatewayError error)
    {
        var kind = error.Kind;
        if (error.Unsupported is not null)
            return AttemptEnd.OtherAbilities;
        if (kind == ErrorKinds.UpstreamFailed)
            return error.UpstreamStatus is null or 500 or 502 ? AttemptEnd.RetrySame : AttemptEnd.TryNext;
        if (kind == ErrorKinds.UpstreamTimeout)
            return error.UpstreamStatus == 408 ? AttemptEnd.RetrySame : AttemptEnd.TryNext;
        if (kind == ErrorKinds.StreamCut)
            return AttemptEnd.RetrySame;
        if (kind == ErrorKinds.UpstreamRateLimit)
            return AttemptEnd.Wait;
        if (kind == ErrorKinds.UpstreamAuthentication || kind == ErrorKinds.UpstreamQuota)
            return AttemptEnd.NextKey;
        if (kind == ErrorKinds.ContextLength)
            return AttemptEnd.LargerWindow;
        if (kind == ErrorKinds.UpstreamModelNotFound)
            return AttemptEnd.TryNext;
        return kind.Blame == ErrorBlame.Client ? AttemptEnd.Final : AttemptEnd.TryNext;
    }
}
