namespace FakeUpstream;

/// <summary>What a request asks for.</summary>
/// <param name="Known">False when no <c>bench-…</c> model was found in the head of the body.</param>
/// <param name="Stream">The reply is a stream of events.</param>
/// <param name="Large">A JSON reply is about 64 KB instead of about 1 KB.</param>
/// <param name="PaceMilliseconds">Time from one content event to the next; 0: at once.</param>
/// <param name="Events">Content events of a stream, 1 to <see cref="StreamEvents.Most"/>.</param>
internal readonly record struct Ask(bool Known, bool Stream, bool Large, int PaceMilliseconds, int Events);
