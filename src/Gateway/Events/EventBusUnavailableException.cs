namespace Gateway.Events;

/// <summary>The event bus did not take all events, or not in time.</summary>
internal sealed class EventBusUnavailableException(string message, Exception? inner = null) : IOException(message, inner);
