using System.Net;
using System.Net.WebSockets;
using Gateway.Errors;
using Gateway.Metering;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Providers.Credentials;
using Gateway.Routing.Attempts;
using Gateway.Transport;

namespace Gateway.Routing.Realtime;

/// <summary>Opens the provider's socket, before the client is given its own: so a refusal still reaches the client as an HTTP error.</summary>
internal sealed class RealtimeConnector(UpstreamClients clients)
{
    /// <summary>Pings find out that a provider is gone without a word.</summary>
    private static readonly TimeSpan Ping = TimeSpan.FromSeconds(30);

    /// <summary>Tries one target.</summary>
    /// <param name="context">The request.</param>
    /// <param name="attempt">The attempt; its error says why there is no socket.</param>
    /// <returns>The socket; or null and what may follow.</returns>
    public async ValueTask<(UpstreamSocket? Socket, AttemptEnd End)> ConnectAsync(GatewayContext context, Attempt attempt)
    {
        var target = attempt.Target;
        context.Error = null;
        var timeouts = context.Route!.Timeouts;
        using var limit = new CancellationTokenSource(timeouts.FirstToken, context.Time);
        using var gone = context.Client.Gone.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), limit);
        var sent = context.Time.GetTimestamp();
        HttpResponseMessage? response = null;
        UpstreamSocket? opened = null;
        try
        {
            using var request = UpstreamRequests.CreateUpgrade(context, target);
            var offered = context.Socket!.Protocols;
            var nonce = SocketHandshake.Ask(request.Headers, offered);
            await UpstreamCredentials.ApplyAsync(attempt, request, limit.Token).ConfigureAwait(false);
            response = await clients.For(timeouts.Connect).SendAsync(request, limit.Token).ConfigureAwait(false);
            attempt.Observe(response);
            if (response.StatusCode != HttpStatusCode.SwitchingProtocols)
            {
                var error = await UpstreamFailures.ReadAsync(context, target.Provider, context.Dialect, response, limit.Token).ConfigureAwait(false);
                var isRenewed = await UpstreamCredentials.RenewAsync(attempt.Key, error, request, limit.Token).ConfigureAwait(false);
                return (null, isRenewed ? attempt.Fail(error, AttemptEnd.RetrySame) : attempt.Fail(error));
            }

            if (!SocketHandshake.IsAnswered(response, nonce, offered, out var protocol))
                return (null, attempt.Fail(UpstreamFailures.Unreadable(target.Provider, Dialects.ProviderErrorFacts.None), AttemptEnd.TryNext));
            var stream = await response.Content.ReadAsStreamAsync(limit.Token).ConfigureAwait(false);
            opened = new UpstreamSocket(response, WebSocket.CreateFromStream(stream, new WebSocketCreationOptions
            {
                SubProtocol = protocol,
                KeepAliveInterval = Ping,
                KeepAliveTimeout = Ping,
            }));
            attempt.Outcome = LedgerOutcome.Completed; // what comes of the session is told by its responses
            target.State.Answered(context.Time.GetElapsedTime(sent));
            return (opened, AttemptEnd.Final);
        }
        catch (OperationCanceledException) when (context.Client.Gone.IsCancellationRequested)
        {
            var end = attempt.Abort();
            context.Outcome = attempt.Outcome;
            return (null, end);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return (null, attempt.Fail(new GatewayError(ErrorKinds.FirstTokenTimeout, $"The provider '{target.Provider.Id}' did not open a session within {timeouts.FirstToken.TotalSeconds:0.###} s."), AttemptEnd.TryNext));
        }
        catch (Exception e) when (e is CredentialException or HttpRequestException or IOException or OperationCanceledException)
        {
            return (null, attempt.FailUnanswered(e));
        }
        finally
        {
            attempt.UpstreamTime += context.Time.GetElapsedTime(sent);
            attempt.Ended = context.Time.GetTimestamp();
            if (opened is null)
                response?.Dispose();
        }
    }
}
