using Gateway.Errors;
using Gateway.Pipeline;
using Gateway.Providers.Credentials;

namespace Gateway.Routing.Attempts;

/// <summary>What went wrong with an attempt, noted with what may follow.</summary>
internal static class AttemptFailures
{
    /// <summary>Notes an error as the attempt's; what may follow is what such errors allow.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="error">The error.</param>
    public static AttemptEnd Fail(this Attempt attempt, GatewayError error) => attempt.Fail(error, AttemptEnds.After(error));

    /// <summary>The route's time for the whole request is up.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="context">The request.</param>
    public static AttemptEnd FailTotalTimeout(this Attempt attempt, GatewayContext context) =>
        attempt.Fail(new GatewayError(ErrorKinds.TotalTimeout, $"The request took longer than {context.Route!.Timeouts.Total.TotalSeconds:0.###} s."), AttemptEnd.Final);

    /// <summary>The provider was silent for longer than it may while nothing is streamed.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="context">The request.</param>
    /// <param name="hasBegun">Whether it had begun to answer.</param>
    public static AttemptEnd FailSilent(this Attempt attempt, GatewayContext context, bool hasBegun)
    {
        var provider = attempt.Target.Provider.Id;
        var limit = $"{context.Route!.Timeouts.Answer.TotalSeconds:0.###} s";
        return attempt.Fail(
            hasBegun ? new GatewayError(ErrorKinds.StreamStalled, $"The provider '{provider}' fell silent for {limit}. The answer is not complete.")
            : new GatewayError(ErrorKinds.UpstreamTimeout, $"The provider '{provider}' did not begin to answer within {limit}."),
            AttemptEnd.TryNext);
    }

    /// <summary>The client left, or has its answer from another attempt.</summary>
    /// <param name="attempt">The attempt.</param>
    public static AttemptEnd Abort(this Attempt attempt)
    {
        attempt.Outcome = Metering.LedgerOutcome.Aborted;
        return attempt.IsOutrun() ? AttemptEnd.Superseded : AttemptEnd.Final;
    }

    /// <summary>Whether the client has its answer from another attempt.</summary>
    /// <param name="attempt">The attempt.</param>
    public static bool IsOutrun(this Attempt attempt) => attempt.Runner is { IsOutrun: true };

    /// <summary>Cancelled when nobody waits for the attempt any more: the client left, or has its answer from another.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="context">The request.</param>
    public static CancellationToken Unwanted(this Attempt attempt, GatewayContext context) => attempt.Runner?.Token ?? context.Client.Gone;

    /// <summary>The provider answered with an error status: reads what it says, and tells the key. With a key that has been replaced meanwhile it is worth another try.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="context">The request.</param>
    /// <param name="lane">How it was asked.</param>
    /// <param name="request">The request as it was sent.</param>
    /// <param name="response">The answer.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async ValueTask<AttemptEnd> FailRefusedAsync(this Attempt attempt, GatewayContext context, Lane lane, HttpRequestMessage request, HttpResponseMessage response, CancellationToken cancellation)
    {
        var error = await UpstreamFailures.ReadAsync(context, attempt.Target.Provider, lane.Dialect, response, cancellation).ConfigureAwait(false);
        return await UpstreamCredentials.RenewAsync(attempt.Key, error, request, cancellation).ConfigureAwait(false)
            ? attempt.Fail(error, AttemptEnd.RetrySame)
            : attempt.Fail(error);
    }

    /// <summary>There was no answer: nothing to prove the gateway with, or no connection.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="exception">A <see cref="CredentialException"/>, or what the send failed with.</param>
    public static AttemptEnd FailUnanswered(this Attempt attempt, Exception exception) => exception is CredentialException credential
        ? attempt.Fail(UpstreamFailures.NoCredential(credential), AttemptEnd.NextKey)
        : attempt.Fail(UpstreamFailures.Unreachable(attempt.Target.Provider, exception), UpstreamFailures.IsConnectionLevel(exception) ? AttemptEnd.RetrySame : AttemptEnd.TryNext);
}
