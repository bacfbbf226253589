using System.Text;
using Gateway.Errors;
using Gateway.Metering;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Providers;
using Gateway.Providers.Credentials;
using Gateway.Routing.Attempts;
using Gateway.Routing.Health;
using Gateway.Transport;

namespace Gateway.Routing.Stored;

/// <summary>One call of a provider's files or batches.</summary>
internal sealed class StoredCalls(UpstreamClients clients)
{
    /// <summary>Takes an answer.</summary>
    /// <param name="response">The answer, of a status of success.</param>
    /// <param name="cancellation">Gives up.</param>
    public delegate ValueTask<GatewayError?> Take(HttpResponseMessage response, CancellationToken cancellation);

    /// <summary>Calls, and lets the answer be taken.</summary>
    /// <param name="context">The request.</param>
    /// <param name="provider">Whom.</param>
    /// <param name="method">How.</param>
    /// <param name="below">What stands below the operation's path, e.g. <c>/ID/content</c>; its parts escaped.</param>
    /// <param name="content">The body, or null; disposed here.</param>
    /// <param name="take">Takes the answer.</param>
    /// <returns>Null, or what went wrong.</returns>
    public async ValueTask<GatewayError?> CallAsync(GatewayContext context, ProviderSnapshot provider, HttpMethod method, string below, HttpContent? content, Take take)
    {
        var attempt = context.Begin(new TargetSnapshot { Provider = provider, Model = "", ModelJson = [], State = new TargetState(provider.Id, context.Time) }, context.Operation);
        using var end = new CancellationTokenSource(provider.Timeouts.Total, context.Time);
        using var gone = context.Client.Gone.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), end);
        var sent = context.Time.GetTimestamp();
        try
        {
            using var request = Request(context, provider, method, below, content);
            await UpstreamCredentials.ApplyAsync(attempt, request, end.Token).ConfigureAwait(false);
            using var response = await clients.For(provider.Timeouts.Connect).SendAsync(request, end.Token).ConfigureAwait(false);
            attempt.UpstreamTime += context.Time.GetElapsedTime(sent);
            if (response.IsSuccessStatusCode)
                return UpstreamFailures.Compressed(provider, response) ?? await take(response, end.Token).ConfigureAwait(false);
            var error = await UpstreamFailures.ReadAsync(context, provider, context.Dialect, response, end.Token).ConfigureAwait(false);
            await UpstreamCredentials.RenewAsync(attempt.Key, error, request, end.Token).ConfigureAwait(false); // for the next call
            return error.UpstreamStatus == 404 ? StoredStage.NotFound() : error;
        }
        catch (OperationCanceledException) when (!context.Client.Gone.IsCancellationRequested && end.IsCancellationRequested)
        {
            return new GatewayError(ErrorKinds.TotalTimeout, $"The request took longer than {provider.Timeouts.Total.TotalSeconds:0.###} s.");
        }
        catch (CredentialException e)
        {
            return UpstreamFailures.NoCredential(e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return context.Upload is { } upload && UploadIntake.ErrorOf(upload.Fault, context.Snapshot.Limits.MaxRequestBytes) is { } fault
                ? fault
                : UpstreamFailures.Unreachable(provider, e);
        }
        finally
        {
            if (context.Upload is { } upload)
            {
                await end.CancelAsync().ConfigureAwait(false);
                await upload.StoppedAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Passes an answer's bytes on as they come.</summary>
    /// <param name="context">The request.</param>
    /// <param name="provider">Whose answer.</param>
    /// <param name="response">The answer.</param>
    /// <param name="seen">Shown the bytes as they pass, or null.</param>
    public static async ValueTask<GatewayError?> RelayAsync(GatewayContext context, ProviderSnapshot provider, HttpResponseMessage response, Action<ReadOnlySpan<byte>>? seen = null)
    {
        (context.Request.Stream, context.IsBinary) = (true, true);
        using var watch = new StreamWatch(context.Time, provider.Timeouts, context.Began, context.Time.GetTimestamp(), context.Client.Gone);
        // Whatever it is said to be: what somebody uploaded is not shown by a browser.
        using var relay = new BytesRelay(new ClientStream(context, context.Attempt!, "application/octet-stream"), watch) { Seen = seen };
        var end = await relay.RunAsync(await response.Content.ReadAsStreamAsync(watch.Token).ConfigureAwait(false)).ConfigureAwait(false);
        if (end == RelayEnd.Completed || (end == RelayEnd.Malformed && !relay.Committed)) // an empty file is a file
        {
            (context.Tail, context.Outcome) = (relay.Tail, LedgerOutcome.Completed);
            return null;
        }

        context.Outcome = end == RelayEnd.ClientGone ? LedgerOutcome.Aborted : relay.Committed ? LedgerOutcome.Interrupted : LedgerOutcome.Failed;
        return end == RelayEnd.ClientGone ? null : new GatewayError(ErrorKinds.StreamCut, $"The provider '{provider.Id}' broke off in the middle of the file, or fell silent.");
    }

    private static HttpRequestMessage Request(GatewayContext context, ProviderSnapshot provider, HttpMethod method, string below, HttpContent? content)
    {
        var address = new UriBuilder(provider.Endpoints[context.Operation].For("", stream: false));
        address.Path += below;
        var request = new HttpRequestMessage(method, address.Uri) { Content = content, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
        foreach (var (header, value) in provider.ExtraHeaders)
            request.Headers.TryAddWithoutValidation(header, value);
        if (context.Client.Header("Idempotency-Key") is { } once && Ascii.IsValid(once))
            request.Headers.TryAddWithoutValidation("Idempotency-Key", once);
        if (context.TraceParent is { } parent)
            request.Headers.TryAddWithoutValidation("traceparent", parent);
        return request;
    }
}
