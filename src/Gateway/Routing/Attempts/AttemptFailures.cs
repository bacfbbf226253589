using Gateway.Errors;
using Gateway.Pipeline;
using Gateway.Providers.Credentials;

namespace Gateway.Routing.Attempts;

/// <summary>What follows from what went wrong with an attempt.</summary>
internal static class AttemptFailures
{
    /// <summary>Notes an error as the attempt's.</summary>
    /// <param name="context">The request.</param>
    /// <param name="error">The error.</param>
    /// <param name="end">What may follow.</param>
    public static AttemptEnd Fail(this GatewayContext context, GatewayError error, AttemptEnd end)
    {
        context.Error = error;
        return end;
    }

    /// <summary>Notes what a provider answered: another target is called where it might serve.</summary>
    /// <param name="context">The request.</param>
    /// <param name="error">The error.</param>
    public static AttemptEnd Fail(this GatewayContext context, GatewayError error) =>
        context.Fail(error, ProviderErrors.OtherTargetMayServe(error) ? AttemptEnd.TryNext : AttemptEnd.Final);

    /// <summary>The route's time for the whole request is up.</summary>
    /// <param name="context">The request.</param>
    public static AttemptEnd FailTotalTimeout(this GatewayContext context) =>
        context.Fail(new GatewayError(ErrorKinds.TotalTimeout, $"The request took longer than {context.Route!.Timeouts.Total.TotalSeconds:0.###} s."), AttemptEnd.Final);

    /// <summary>The provider answered with an error status: reads what it says, and tells the key. With a key that has been replaced meanwhile it is worth another try.</summary>
    /// <param name="context">The request.</param>
    /// <param name="target">Who answered.</param>
    /// <param name="lane">How it was asked.</param>
    /// <param name="key">The key it was asked with, if any.</param>
    /// <param name="request">The request as it was sent.</param>
    /// <param name="response">The answer.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async ValueTask<AttemptEnd> FailRefusedAsync(this GatewayContext context, TargetSnapshot target, Lane lane, ProviderKey? key, HttpRequestMessage request, HttpResponseMessage response, CancellationToken cancellation)
    {
        var error = await UpstreamFailures.ReadAsync(context, target.Provider, lane.Dialect, response, cancellation).ConfigureAwait(false);
        return await UpstreamCredentials.RenewAsync(key, error, request, cancellation).ConfigureAwait(false)
            ? context.Fail(error, AttemptEnd.RetrySame)
            : context.Fail(error);
    }

    /// <summary>There was no answer: nothing to prove the gateway with, or no connection.</summary>
    /// <param name="context">The request.</param>
    /// <param name="target">Who was to be called.</param>
    /// <param name="exception">A <see cref="CredentialException"/>, or what the send failed with.</param>
    public static AttemptEnd FailUnanswered(this GatewayContext context, TargetSnapshot target, Exception exception) => exception is CredentialException credential
        ? context.Fail(UpstreamFailures.NoCredential(credential), AttemptEnd.TryNext)
        : context.Fail(UpstreamFailures.Unreachable(target.Provider, exception), UpstreamFailures.IsConnectionLevel(exception) ? AttemptEnd.RetrySame : AttemptEnd.TryNext);
}
