namespace Gateway.State;

/// <summary>The state store did not answer, or not in time. What a write did is unknown.</summary>
internal sealed class StateUnavailableException(string message, Exception? inner = null) : IOException(message, inner);
