using Gateway.Errors;

namespace Gateway.Routing.Attempts;

/// <summary>
/// Which of several failed attempts tells the client most. The more it can do with an error, the more it tells; of equals the first, because
/// the first target is the one that the route prefers. An attempt that ended the request is not asked about: its error is what the client gets.
/// </summary>
internal static class MostTelling
{
    /// <summary>The attempt whose error the client is to see.</summary>
    /// <param name="attempts">At least one, all of them failed.</param>
    public static Attempt Of(IReadOnlyList<Attempt> attempts)
    {
        var best = attempts[0];
        for (var i = 1; i < attempts.Count; i++)
        {
            if (Rank(attempts[i].Error) > Rank(best.Error))
                best = attempts[i];
        }

        return best;
    }

    /// <summary>How much an error tells, 0 to 6.</summary>
    public static int Rank(GatewayError? error)
    {
        if (error is null)
            return 0;
        var kind = error.Kind;
        return kind == ErrorKinds.UpstreamModelNotFound ? 2 // a target that is badly configured says nothing of the request
            : kind == ErrorKinds.UpstreamAuthentication && error.UpstreamStatus is null ? 1 // nobody was called
            : kind == ErrorKinds.UpstreamAuthentication || kind == ErrorKinds.UpstreamQuota ? 3 // the operator's to mend
            : kind.Blame == ErrorBlame.Client ? 6 // the client can mend the request
            : error.ProviderRetryAfter is not null ? 5 // it knows when to come back
            : 4; // it may come back
    }
}
