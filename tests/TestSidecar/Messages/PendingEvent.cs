namespace TestSidecar.Messages;

/// <summary>An event on its way to a group.</summary>
/// <param name="Position">Its place in the log.</param>
/// <param name="Envelope">The CloudEvents envelope.</param>
internal sealed record PendingEvent(string Position, string Envelope);
