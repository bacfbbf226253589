using System.Collections.Concurrent;
using System.Collections.Immutable;
using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf;
using Grpc.Core;

namespace Gateway.Events.Dapr;

/// <summary>
/// Dapr pub/sub. Publishes over gRPC; what the sidecar delivers comes in over HTTP and is handed to the subscriptions by <see cref="HandleAsync"/>.
/// A topic's events go to one replica of the application, so subscribers share the work.
/// </summary>
/// <param name="sidecar">The sidecar's gRPC API.</param>
/// <param name="options">Component and limits.</param>
/// <param name="time">The clock of time limits.</param>
internal sealed class DaprEventBus(CallInvoker sidecar, DaprBusOptions options, TimeProvider time) : IEventBus
{
    private readonly Metadata? _headers = options.ApiToken is { } token ? new Metadata { { "dapr-api-token", token } } : null;
    // Events under way that have been asked for again: more than so many are not counted.
    private const int MostCounted = 10_000;

    private readonly ConcurrentDictionary<(string Topic, string Id), (int Count, long Since)> _tried = new();
    private ImmutableArray<DaprSubscription> _subscriptions = [];

    // Which of the two bulk methods the runtime has; null: neither, so events go one by one.
    private volatile Method<BulkPublishRequest, BulkPublishResponse>? _bulk = PublishMethods.Bulk;

    /// <summary>The component's name.</summary>
    public string Component => options.Component;

    /// <summary>Every topic with a subscription.</summary>
    public IReadOnlyList<string> SubscribedTopics => [.. _subscriptions.Select(s => s.Topic).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Raised when <see cref="SubscribedTopics"/> may have changed.</summary>
    public event Action? SubscriptionsChanged;

    public async Task PublishAsync(string topic, IReadOnlyList<BusEvent> events, CancellationToken cancellation = default)
    {
        var envelopes = new List<byte[]>();
        var bytes = 0;
        foreach (var e in events)
        {
            var envelope = CloudEventEnvelope.Write(e);
            if (envelopes.Count > 0 && (envelopes.Count == options.EventsPerCall || bytes + envelope.Length > options.BytesPerCall))
            {
                await SendAsync(topic, envelopes, cancellation).ConfigureAwait(false);
                envelopes.Clear();
                bytes = 0;
            }

            envelopes.Add(envelope);
            bytes += envelope.Length;
        }

        if (envelopes.Count > 0)
            await SendAsync(topic, envelopes, cancellation).ConfigureAwait(false);
    }

    public IAsyncDisposable Subscribe(string topic, Func<BusEvent, CancellationToken, Task<EventVerdict>> handler)
    {
        var subscription = new DaprSubscription(this, topic, handler);
        ImmutableInterlocked.Update(ref _subscriptions, static (all, one) => all.Add(one), subscription);
        SubscriptionsChanged?.Invoke();
        return subscription;
    }

    /// <summary>
    /// Hands a delivered event to every subscription of its topic. Dead letters are published from here: a dead letter topic of the sidecar's would take an event at
    /// its first retry unless the component has a policy for retries.
    /// </summary>
    /// <returns>What the sidecar is to be told: <see cref="EventVerdict.Retry"/> while there is no subscription, so that nothing is dropped on the way up.</returns>
    public async Task<EventVerdict> HandleAsync(string topic, BusEvent e, CancellationToken cancellation)
    {
        var verdict = await OfferAsync(topic, e, cancellation).ConfigureAwait(false);
        if (verdict == EventVerdict.Retry && (_tried.Count >= MostCounted || !IsTriedEnough(topic, e.Id)))
            return EventVerdict.Retry;
        if (verdict is null)
            return EventVerdict.Retry;
        if (verdict != EventVerdict.Done)
        {
            if (topic.EndsWith(Topics.DeadLetterSuffix, StringComparison.Ordinal))
                return EventVerdict.Poison;
            try
            {
                await PublishAsync(Topics.DeadLetters(topic), [e], cancellation).ConfigureAwait(false);
            }
            catch (EventBusUnavailableException)
            {
                return EventVerdict.Retry;
            }
        }

        _tried.TryRemove((topic, e.Id), out _);
        return EventVerdict.Done;
    }

    private bool IsTriedEnough(string topic, string id)
    {
        var (count, since) = _tried.AddOrUpdate((topic, id), static (_, now) => (1, now), static (_, tried, _) => (tried.Count + 1, tried.Since), time.GetTimestamp());
        return count >= options.Tries && time.GetElapsedTime(since) >= options.TryFor;
    }

    private async Task<EventVerdict?> OfferAsync(string topic, BusEvent e, CancellationToken cancellation)
    {
        EventVerdict? verdict = null;
        foreach (var subscription in _subscriptions)
        {
            if (subscription.Topic != topic)
                continue;
            var said = await subscription.HandleAsync(e, cancellation).ConfigureAwait(false);
            // Whoever wants it again gets it again; the others know it by its id.
            verdict = said == EventVerdict.Retry || verdict == EventVerdict.Retry ? EventVerdict.Retry
                : said == EventVerdict.Poison || verdict == EventVerdict.Poison ? EventVerdict.Poison : EventVerdict.Done;
        }

        return verdict;
    }

    /// <summary>The subscription gets no more events.</summary>
    internal void Remove(DaprSubscription subscription)
    {
        ImmutableInterlocked.Update(ref _subscriptions, static (all, one) => all.Remove(one), subscription);
        SubscriptionsChanged?.Invoke();
    }

    private async Task SendAsync(string topic, List<byte[]> envelopes, CancellationToken cancellation)
    {
        while (_bulk is { } bulk)
        {
            try
            {
                await BulkAsync(bulk, topic, envelopes, cancellation).ConfigureAwait(false);
                return;
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.Unimplemented)
            {
                _bulk = bulk == PublishMethods.Bulk ? PublishMethods.BulkAlpha : null;
            }
        }

        foreach (var envelope in envelopes)
        {
            await CallAsync(
                PublishMethods.One,
                new PublishEventRequest { PubsubName = options.Component, Topic = topic, Data = UnsafeByteOperations.UnsafeWrap(envelope), DataContentType = CloudEventEnvelope.ContentType },
                cancellation).ConfigureAwait(false);
        }
    }

    private async Task BulkAsync(Method<BulkPublishRequest, BulkPublishResponse> bulk, string topic, List<byte[]> envelopes, CancellationToken cancellation)
    {
        var request = new BulkPublishRequest { PubsubName = options.Component, Topic = topic };
        for (var i = 0; i < envelopes.Count; i++)
        {
            request.Entries.Add(new BulkPublishRequestEntry
            {
                EntryId = i.ToString(System.Globalization.CultureInfo.InvariantCulture),
                Event = UnsafeByteOperations.UnsafeWrap(envelopes[i]),
                ContentType = CloudEventEnvelope.ContentType,
            });
        }

        var response = await CallAsync(bulk, request, cancellation).ConfigureAwait(false);
        if (response.FailedEntries.Count > 0)
            throw new EventBusUnavailableException($"The event bus '{options.Component}' took {envelopes.Count - response.FailedEntries.Count} of {envelopes.Count} events: {response.FailedEntries[0].Error}");
    }

    private async Task<TResponse> CallAsync<TRequest, TResponse>(Method<TRequest, TResponse> method, TRequest request, CancellationToken cancellation)
        where TRequest : class
        where TResponse : class
    {
        cancellation.ThrowIfCancellationRequested();
        using var limit = new CancellationTokenSource(options.Timeout, time);
        using var left = cancellation.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), limit);
        try
        {
            using var call = sidecar.AsyncUnaryCall(method, null, new CallOptions(_headers, cancellationToken: limit.Token), request);
            return await call.ResponseAsync.ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException || (e is RpcException rpc && (rpc.StatusCode != StatusCode.Unimplemented || ReferenceEquals(method, PublishMethods.One))))
        {
            cancellation.ThrowIfCancellationRequested();
            throw limit.IsCancellationRequested
                ? new EventBusUnavailableException($"The event bus '{options.Component}' did not answer within {options.Timeout.TotalSeconds:0.###} s.", e)
                : new EventBusUnavailableException($"The event bus '{options.Component}' is not available: {(e as RpcException)?.Status.Detail ?? e.Message}", e);
        }
    }
}
