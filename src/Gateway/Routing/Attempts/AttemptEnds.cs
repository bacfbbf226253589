using Gateway.Errors;

namespace Gateway.Routing.Attempts;

/// <summary>
/// What may follow which error. The table behind docs/failover.md: a moment's trouble is worth another call of the same target, a
/// target that can't serve now another target; what would fail anywhere, or was refused for what it says, goes to the client as it is.
/// <list type="table">
/// <listheader><term>What happened before the client saw content</term><description>What follows</description></listheader>
/// <item><term>500, 502, 408; an error of no known kind in a good reply</term><description>the same target once more after a pause of full jitter, then the next</description></item>
/// <item><term>connection refused or reset; an answer cut off</term><description>the same</description></item>
/// <item><term>503, 529, 498; 504, 524; another status of a server</term><description>the next target at once</description></item>
/// <item><term>silence: no connection in time, no head of an answer, no first token</term><description>the next target at once; the silent one is not called again</description></item>
/// <item><term>no such host, no TLS, no HTTP, a redirect, an answer that can't be read, too large or compressed</term><description>the next target at once</description></item>
/// <item><term>404 of a model</term><description>the next target at once</description></item>
/// <item><term>401, 402, 403, 429; a key that can't be had</term><description>another of the provider's keys at once, while one is left that does not rest; then as below</description></item>
/// <item><term>401, 402, 403, a quota that is spent</term><description>the next target</description></item>
/// <item><term>429 with a Retry-After of up to <c>attempts.shortWaitSeconds</c></term><description>the same target once more, no sooner than it said; then the next</description></item>
/// <item><term>429 with a longer one</term><description>the next target, and this one is left alone by every request; it is waited for when no other can serve, up to <c>attempts.longestWaitSeconds</c></description></item>
/// <item><term>429 that does not say</term><description>the next target at once; when no other can serve, the same once more after a pause of full jitter</description></item>
/// <item><term>longer than the model's context</term><description>only a target whose card says a larger window</description></item>
/// <item><term>a parameter that the model does not support</term><description>only a target whose card says that it can do that</description></item>
/// <item><term>content filter, and every other 400, 405, 409, 413, 415, 422</term><description>nothing: the client gets the error</description></item>
/// <item><term>the request's own time is up; the client is gone</term><description>nothing</description></item>
/// </list>
/// Pauses and calls are bounded by <see cref="AttemptPlan"/> whatever this table says: two calls of one target within 1.5 s, six in all, none
/// before a target's own Retry-After, none that the deadline has no time for.
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
