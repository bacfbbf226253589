namespace Gateway.State.Dapr;

/// <summary>The store answered that somebody else has written. Never leaves the adapter.</summary>
internal sealed class StateConflictException(Exception inner) : Exception("Somebody else has written.", inner);
