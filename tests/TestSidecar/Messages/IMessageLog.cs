namespace TestSidecar.Messages;

/// <summary>Where events wait until every consumer group has had them. A group gets all events of a topic, also those from before it came.</summary>
internal interface IMessageLog
{
    /// <summary>Keeps events for every group, in order.</summary>
    Task AppendAsync(string topic, IReadOnlyList<CloudEvent> events);

    /// <summary>Makes a group known; again does nothing.</summary>
    Task OpenAsync(string group, string topic);

    /// <summary>The group's next event of a topic; completes when there is one. It comes again unless it is acknowledged.</summary>
    Task<PendingEvent> NextAsync(string group, string topic, CancellationToken cancellation);

    /// <summary>The event is dealt with.</summary>
    Task AcknowledgeAsync(string group, string topic, PendingEvent pending);

    /// <summary>The event comes again, after others.</summary>
    Task ReturnAsync(string group, string topic, PendingEvent pending);
}
