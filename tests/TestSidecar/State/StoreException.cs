namespace TestSidecar.State;

/// <summary>A store failed in a way that the runtime knows no code for.</summary>
internal sealed class StoreException(string message, Exception? inner = null) : Exception(message, inner);
