using System.Globalization;
using System.Text;

namespace FakeUpstream;

/// <summary>Counts since the start. Each is added to when the thing has happened, so a reader sees no promise that is not kept.</summary>
internal sealed class Counters
{
    private long _requests;
    private long _streamsOpened;
    private long _streamsEnded;
    private long _streamsCut;
    private long _events;
    private long _spans;

    public void Requested() => Interlocked.Increment(ref _requests);

    public void StreamOpened() => Interlocked.Increment(ref _streamsOpened);

    public void StreamEnded() => Interlocked.Increment(ref _streamsEnded);

    public void StreamCut() => Interlocked.Increment(ref _streamsCut);

    public void EventSent() => Interlocked.Increment(ref _events);

    public void SpansReceived(long spans) => Interlocked.Add(ref _spans, spans);

    /// <summary>The counts as a JSON object.</summary>
    public byte[] Render() => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"requests":{{Interlocked.Read(ref _requests)}},"streams_opened":{{Interlocked.Read(ref _streamsOpened)}},"streams_ended":{{Interlocked.Read(ref _streamsEnded)}},"streams_cut":{{Interlocked.Read(ref _streamsCut)}},"content_events":{{Interlocked.Read(ref _events)}},"spans":{{Interlocked.Read(ref _spans)}}}"""));
}
