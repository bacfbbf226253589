using Gateway.Errors;
using Gateway.Metering;
using Gateway.Pipeline;
using Gateway.Providers.Credentials;
using Gateway.Routing.Rescue;
using Gateway.Routing.Strategies;
using Gateway.Transport;

namespace Gateway.Routing.Attempts;

/// <summary>One call for a streamed reply.</summary>
internal sealed class StreamAttempt(UpstreamClients clients)
{
    // The client's next request on this connection waits for it: longer than a last chunk takes, no longer than a new connection.
    private static readonly TimeSpan DrainLimit = TimeSpan.FromMilliseconds(100);

    public ValueTask<AttemptEnd> RunAsync(GatewayContext context, Attempt attempt, Lane lane) =>
        context.Rescue is { } rescue ? RunAsync(rescue, context, attempt, lane) : CallAsync(context, attempt, lane);

    private async ValueTask<AttemptEnd> RunAsync(RescueSession rescue, GatewayContext context, Attempt attempt, Lane lane) =>
        rescue.Conclude(attempt, await CallAsync(context, attempt, lane).ConfigureAwait(false));

    private async ValueTask<AttemptEnd> CallAsync(GatewayContext context, Attempt attempt, Lane lane)
    {
        var sent = attempt.Began;
        var policy = context.Route!.Timeouts;
        var tap = attempt.Tap = context.Rescue?.CreateTap(attempt, lane) ?? lane.Translated?.CreateStreamTap(attempt.Reply) ?? lane.Dialect.CreateStreamTap(attempt.Reply, context.Request);
        using var watch = new StreamWatch(context.Time, policy, context.Began, sent, attempt.Unwanted(context));
        using var relay = new StreamRelay(tap, new ClientStream(context, attempt), watch, lane.Dialect.Framing, context.Snapshot.Limits.MaxEventBytes);
        watch.OnKeepAlive(relay.TryKeepAlive);
        HttpResponseMessage? response = null;
        var keepResponse = false;
        try
        {
            using var request = UpstreamRequests.Create(context, attempt, lane);
            await UpstreamCredentials.ApplyAsync(attempt, request, watch.Token).ConfigureAwait(false);
            response = await clients.For(policy.Connect).SendAsync(request, watch.Token).ConfigureAwait(false);
            attempt.UpstreamTime += context.Time.GetElapsedTime(sent);
            attempt.Observe(response);
            if (!response.IsSuccessStatusCode)
                return await attempt.FailRefusedAsync(context, lane, request, response, watch.Token).ConfigureAwait(false);
            if (await UpstreamFailures.NotAStreamAsync(context, attempt.Target.Provider, lane.Dialect, response, watch.Token).ConfigureAwait(false) is { } notAStream)
                return attempt.Fail(notAStream);
            var stream = await response.Content.ReadAsStreamAsync(watch.Token).ConfigureAwait(false);
            var end = await relay.RunAsync(stream).ConfigureAwait(false);
            if (end == RelayEnd.Completed)
            {
                keepResponse = true;
                var whole = response;
                context.AfterDelivery = () => DrainAsync(whole, stream, context.Time);
            }

            return Conclude(context, attempt, relay.Committed, relay.Tail, end);
        }
        catch (OperationCanceledException) when (watch.Token.IsCancellationRequested || attempt.Unwanted(context).IsCancellationRequested)
        {
            return Conclude(context, attempt, relay.Committed, relay.Tail, watch.Expired switch
            {
                WatchExpiry.None => RelayEnd.ClientGone,
                WatchExpiry.Total => RelayEnd.TotalTimeout,
                _ => RelayEnd.FirstTokenTimeout,
            });
        }
        catch (Exception e) when (e is CredentialException or HttpRequestException or IOException or OperationCanceledException)
        {
            return relay.Committed ? Conclude(context, attempt, relay.Committed, relay.Tail, RelayEnd.Cut) : attempt.FailUnanswered(e);
        }
        finally
        {
            if (response is null)
                attempt.UpstreamTime += context.Time.GetElapsedTime(sent);
            if (!keepResponse)
                response?.Dispose(); // an abandoned answer is cut off at once, so that the provider stops
            await relay.CloseAsync().ConfigureAwait(false);
        }
    }

    /// <summary>What the end of a relay means for the request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="attempt">The call.</param>
    /// <param name="committed">Whether the client saw content.</param>
    /// <param name="tail">What it is still owed.</param>
    /// <param name="end">The end.</param>
    internal static AttemptEnd Conclude(GatewayContext context, Attempt attempt, bool committed, ReadOnlyMemory<byte> tail, RelayEnd end)
    {
        switch (end)
        {
            case RelayEnd.Completed:
                LatencyMeter.Streamed(attempt);
                (attempt.Tail, attempt.Outcome) = (tail, LedgerOutcome.Completed);
                return AttemptEnd.Final;
            case RelayEnd.ClientGone or RelayEnd.Outrun:
                return attempt.Abort();
            case RelayEnd.Unwanted:
                attempt.Outcome = LedgerOutcome.Aborted;
                return AttemptEnd.OtherWay;
        }

        var error = ErrorOf(context, attempt, end);
        if (committed)
            attempt.Outcome = LedgerOutcome.Interrupted;
        return end == RelayEnd.TotalTimeout ? attempt.Fail(error, AttemptEnd.Final)
            : committed ? attempt.Fail(error, AttemptEnd.Broken)
            : attempt.Fail(error);
    }

    private static GatewayError ErrorOf(GatewayContext context, Attempt attempt, RelayEnd end)
    {
        var provider = attempt.Target.Provider;
        var policy = context.Route!.Timeouts;
        return end switch
        {
            RelayEnd.ProviderError => ProviderErrors.FromEvent(provider, attempt.Tap?.Error ?? Dialects.ProviderErrorFacts.None),
            RelayEnd.Malformed => new GatewayError(ErrorKinds.StreamMalformed, $"The provider '{provider.Id}' sent something in its stream that can't be read. The answer is not complete."),
            RelayEnd.EventTooLarge => new GatewayError(ErrorKinds.StreamMalformed, $"The provider '{provider.Id}' sent an event larger than the gateway takes in. The answer is not complete."),
            RelayEnd.FirstTokenTimeout => new GatewayError(ErrorKinds.FirstTokenTimeout, $"The provider '{provider.Id}' sent no content within {policy.FirstToken.TotalSeconds:0.###} s."),
            RelayEnd.Stalled => new GatewayError(ErrorKinds.StreamStalled, $"The provider '{provider.Id}' fell silent for {policy.Idle.TotalSeconds:0.###} s. The answer is not complete."),
            RelayEnd.TotalTimeout => new GatewayError(ErrorKinds.TotalTimeout, $"The request took longer than {policy.Total.TotalSeconds:0.###} s. The answer is not complete."),
            _ => new GatewayError(ErrorKinds.StreamCut, $"The provider '{provider.Id}' broke off in the middle of its answer. The answer is not complete."),
        };
    }

    /// <summary>Reads what follows the terminal event, so that the connection can serve again; a provider that keeps it open is left.</summary>
    private static async ValueTask DrainAsync(HttpResponseMessage response, Stream stream, TimeProvider time)
    {
        using var limit = new CancellationTokenSource(DrainLimit, time);
        try
        {
            var scrap = new byte[256];
            while (await stream.ReadAsync(scrap, limit.Token).ConfigureAwait(false) > 0)
            {
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The connection is not reused.
        }
        finally
        {
            response.Dispose();
        }
    }
}
