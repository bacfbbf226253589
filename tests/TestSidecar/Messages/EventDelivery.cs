using TestSidecar.Faults;

namespace TestSidecar.Messages;

/// <summary>Takes published events and delivers them to the applications of every group, one event of a topic at a time.</summary>
internal sealed class EventDelivery(IMessageLog log, AppClient apps, FaultBoard board, SidecarOptions options) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, AppGroup> _groups = [];
    private readonly List<Task> _tasks = [];
    private long _delivered;
    private long _dropped;

    /// <summary>Deliveries that an application accepted.</summary>
    public long Delivered => Interlocked.Read(ref _delivered);

    /// <summary>Events that were dropped for good.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Keeps events for every group.</summary>
    public Task AcceptAsync(string topic, IReadOnlyList<CloudEvent> events) => log.AppendAsync(topic, events);

    /// <summary>Delivers to an application too, as soon as it says what it subscribes to.</summary>
    public void Add(AppAddress app)
    {
        lock (_lock)
        {
            if (_groups.TryGetValue(app.Group, out var group))
            {
                group.Add(app.Address);
                return;
            }

            _groups[app.Group] = group = new AppGroup(app.Group, app.Address);
            _tasks.Add(SubscribeAsync(group));
        }
    }

    /// <summary>No longer delivers to an application.</summary>
    public void Remove(AppAddress app)
    {
        lock (_lock)
            _groups.GetValueOrDefault(app.Group)?.Remove(app.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Task[] tasks;
        lock (_lock)
            tasks = [.. _tasks];
        await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task SubscribeAsync(AppGroup group)
    {
        Dictionary<string, string>? routes = null;
        while (group.Next() is var address && (address is null || (routes = await apps.SubscriptionsAsync(address, _stopping.Token)) is null))
            await Task.Delay(options.RedeliverAfter, _stopping.Token);
        await Task.WhenAll(routes!.Select(r => PumpAsync(group, r.Key, r.Value)));
    }

    private async Task PumpAsync(AppGroup group, string topic, string route)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await log.OpenAsync(group.Name, topic);
                while (true)
                    await PassOnAsync(group, topic, route);
            }
            catch (Exception e) when (e is StackExchange.Redis.RedisException or TimeoutException)
            {
                await Task.Delay(options.RedeliverAfter, _stopping.Token); // the log is away; what was under way comes again
            }
        }
    }

    private async Task PassOnAsync(AppGroup group, string topic, string route)
    {
        var pending = await log.NextAsync(group.Name, topic, _stopping.Token);
        switch (await DeliverAsync(group, route, pending))
        {
            case DeliveryVerdict.Success:
                Interlocked.Increment(ref _delivered);
                await log.AcknowledgeAsync(group.Name, topic, pending);
                break;
            case DeliveryVerdict.Drop:
                Interlocked.Increment(ref _dropped);
                await log.AcknowledgeAsync(group.Name, topic, pending);
                break;
            default:
                await Task.Delay(options.RedeliverAfter, _stopping.Token);
                await log.ReturnAsync(group.Name, topic, pending);
                break;
        }
    }

    private async Task<DeliveryVerdict> DeliverAsync(AppGroup group, string route, PendingEvent pending)
    {
        await board.EnterAsync(_stopping.Token);
        if (group.Next() is not { } address)
            return DeliveryVerdict.Retry;
        var verdict = await apps.DeliverAsync(address, route, pending.Envelope, _stopping.Token);
        if (verdict == DeliveryVerdict.Success && board.Take(Fault.Duplicate))
            verdict = await apps.DeliverAsync(group.Next() ?? address, route, pending.Envelope, _stopping.Token);
        return verdict == DeliveryVerdict.Success && board.Take(Fault.LostAnswer) ? DeliveryVerdict.Retry : verdict;
    }
}
