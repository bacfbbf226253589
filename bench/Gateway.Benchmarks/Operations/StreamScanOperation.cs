using Gateway.Dialects;
using Gateway.Dialects.OpenAiChat;
using Gateway.Transport;

namespace Gateway.Benchmarks.Operations;

/// <summary>What happens to a stream of events besides forwarding: cut it into events, and tap each.</summary>
internal sealed class StreamScanOperation(int contentEvents)
{
    private readonly byte[] _stream = Samples.Stream(contentEvents);
    private readonly OpenAiChatDialect _dialect = new();
    private readonly RequestFacts _request = new() { Stream = true };

    /// <summary>Events in the stream, terminal event included.</summary>
    public int Events => contentEvents + 4;

    /// <summary>Scans the whole stream.</summary>
    /// <returns>How many events there were.</returns>
    public int Run()
    {
        using var reader = new SseReader(16 * 1024);
        using var tap = _dialect.CreateStreamTap(new ReplyFacts(), _request);
        _stream.CopyTo(reader.GetMemory(_stream.Length));
        reader.Advance(_stream.Length);
        var events = 0;
        while (reader.TryRead(out var sseEvent))
        {
            if (tap.Observe(sseEvent) is TapVerdict.Malformed or TapVerdict.Error)
                throw new InvalidOperationException("The sample is not a stream.");
            events++;
        }

        return events;
    }
}
