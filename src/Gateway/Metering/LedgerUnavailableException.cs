namespace Gateway.Metering;

/// <summary>An entry could not be made durable: the reply must not be completed. Later appends work again once the disk does.</summary>
internal sealed class LedgerUnavailableException(string message, Exception inner) : IOException(message, inner);
