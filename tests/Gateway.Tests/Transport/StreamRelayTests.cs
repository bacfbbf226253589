using System.Text;
using Gateway.Dialects;
using Gateway.Tests.Testing;
using Gateway.Transport;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Transport;

/// <summary>Every golden stream through the relay: cut into reads at every byte, and cut off at every byte.</summary>
public class StreamRelayTests
{
    public static TheoryData<string> Names => GoldenStream.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task RunAsync_SplitAtEveryByte_IsTheSameStream(string name)
    {
        var golden = GoldenStream.Named(name);
        foreach (var wantsUsage in new[] { true, false })
        {
            var expected = golden.Forwarded(wantsUsage);
            await AssertWholeAsync(golden, wantsUsage, expected, [golden.Bytes]);
            await AssertWholeAsync(golden, wantsUsage, expected, ByteSplits.Single(golden.Bytes));
            await AssertWholeAsync(golden, wantsUsage, expected, ByteSplits.Of(golden.Bytes, 7));
            foreach (var split in ByteSplits.Every(golden.Bytes))
                await AssertWholeAsync(golden, wantsUsage, expected, split);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task RunAsync_CutOffAtEveryByte_EndsAsWhatItIs(string name)
    {
        var golden = GoldenStream.Named(name);
        for (var at = 0; at < golden.Bytes.Length; at++)
        {
            var whole = golden.Blocks.Where(b => b.DataEnd >= 0 && b.DataEnd <= at).ToList();
            var isTerminated = whole.Count > 0 && whole[^1] == golden.Blocks[^1];
            var isFinished = golden.IsFinished(whole);
            var run = await RunAsync(golden, wantsUsage: true, [golden.Bytes.AsMemory(0, at)]);

            Assert.Equal(isTerminated || isFinished ? RelayEnd.Completed : RelayEnd.Cut, run.End);
            // Never half an event: what the client can read are events of the original, in order, and none is missing.
            var expected = whole.Contains(golden.Blocks[golden.First])
                ? whole.Where(b => b != golden.Blocks[^1]).Select(b => b.Data)
                : [];
            Assert.Equal(expected, SseBlock.Split(run.Seen).Where(b => b.Data is not null).Select(b => b.Data));
            Assert.Equal(run.Seen.Length > 0, run.HasStarted);
            if (run.End == RelayEnd.Completed)
                Assert.Equal(golden.Blocks[^1].Data, Assert.Single(SseBlock.Split(run.Tail), b => b.Data is not null).Data);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task RunAsync_ConnectionBreaksAtEveryEvent_EndsAsIfItHadEnded(string name)
    {
        var golden = GoldenStream.Named(name);
        foreach (var block in golden.Blocks[..^1])
        {
            var isFinished = golden.IsFinished(golden.Blocks.TakeWhile(b => b.Start <= block.Start));
            var run = await RunAsync(golden, wantsUsage: true, [golden.Bytes.AsMemory(0, block.End)], _ => throw new IOException("reset"));
            Assert.Equal(isFinished ? RelayEnd.Completed : RelayEnd.Cut, run.End);
        }
    }

    [Theory]
    [InlineData("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\ndata: {\"choices\":[{\n\n")]
    [InlineData("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\ndata: hello\n\n")]
    [InlineData("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\ndata: [1]\n\n")]
    [InlineData("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\ndata: {} {}\n\n")]
    public async Task RunAsync_EventThatIsNoJsonObject_IsMalformed(string stream)
    {
        var run = await RunAsync(GoldenStream.Named("openai-chat/text"), wantsUsage: false, [Encoding.UTF8.GetBytes(stream)]);
        Assert.Equal(RelayEnd.Malformed, run.End);
        Assert.Equal("""{"choices":[{"index":0,"delta":{"content":"a"}}]}""", Assert.Single(SseBlock.Split(run.Seen)).Data);
    }

    [Theory]
    [InlineData("data: {\"error\":{\"message\":\"no\",\"code\":\"x\"}}\n\n", RelayEnd.ProviderError)]
    [InlineData("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":\"\"}]}\n\n", RelayEnd.Cut)]
    [InlineData("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":null}]}\n\n", RelayEnd.Cut)]
    [InlineData("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n", RelayEnd.Completed)]
    [InlineData("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"},{\"index\":1,\"delta\":{\"content\":\"b\"}}]}\n\n", RelayEnd.Cut)]
    [InlineData("data: [DONE]\n\n", RelayEnd.Completed)]
    [InlineData("", RelayEnd.Cut)]
    [InlineData("\n\n\n", RelayEnd.Cut)]
    public async Task RunAsync_ShortStreams_EndAsWhatTheyAre(string stream, object end)
    {
        var run = await RunAsync(GoldenStream.Named("openai-chat/text"), wantsUsage: false, [Encoding.UTF8.GetBytes(stream)]);
        Assert.Equal(end, run.End);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_ManyEventsInOneRead_FirstContentIsSentBeforeTheRestIsLookedAt(bool translated)
    {
        const string Role = "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\"}}]}\n\n", One = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n";
        using var inner = GoldenStream.Named("openai-chat/text").Dialect.CreateStreamTap(new ReplyFacts(), new RequestFacts { Stream = true });
        var sink = new MemorySink();
        var tap = new LookingTap(inner, sink, translated);
        var time = TimeProvider.System;
        using var watch = new StreamWatch(time, new TimeoutPolicy(), time.GetTimestamp(), time.GetTimestamp(), CancellationToken.None);
        using var relay = new StreamRelay(tap, sink, watch, StreamFraming.ServerSentEvents, maxEventBytes: 1 << 20);
        await using var upstream = new ChunkStream([Encoding.UTF8.GetBytes(Role + One + One + One + "data: [DONE]\n\n")]);
        Assert.Equal(RelayEnd.Completed, await relay.RunAsync(upstream));
        Assert.Equal(["", "", Role + One, Role + One, Role + One], tap.Seen);
        Assert.Equal(Role + One + One + One, Encoding.UTF8.GetString(sink.Seen));
    }

    [Fact]
    public async Task RunAsync_EndlessEvent_IsRefusedAtTheLimit()
    {
        var run = await RunAsync(GoldenStream.Named("openai-chat/text"), wantsUsage: false, Enumerable.Repeat<ReadOnlyMemory<byte>>(new byte[4096], 1 << 20));
        Assert.Equal(RelayEnd.EventTooLarge, run.End);
    }

    [Fact]
    public async Task RunAsync_EndlessCommentsBeforeContent_AreRefusedAtTheLimit()
    {
        var run = await RunAsync(GoldenStream.Named("openai-chat/text"), wantsUsage: false, Enumerable.Repeat<ReadOnlyMemory<byte>>(": still here\n\n"u8.ToArray(), 1 << 24));
        Assert.Equal(RelayEnd.EventTooLarge, run.End);
        Assert.False(run.HasStarted);
    }

    [Fact]
    public async Task RunAsync_ClientStopsReading_EndsAsClientGone()
    {
        var golden = GoldenStream.Named("openai-chat/text");
        using var gone = new CancellationTokenSource();
        var run = await RunAsync(golden, wantsUsage: false, [golden.Bytes.AsMemory(0, golden.Blocks[2].End)], token =>
        {
            gone.Cancel();
            token.ThrowIfCancellationRequested();
            return ValueTask.FromResult(0);
        }, gone.Token);
        Assert.Equal(RelayEnd.ClientGone, run.End);
    }

    [Fact]
    public async Task RunAsync_LimitRunsOutAsTheReadEnds_ForwardsWhatCameAndSaysWhy()
    {
        var golden = GoldenStream.Named("openai-chat/text");
        var time = new FakeTimeProvider();
        using var tap = golden.Dialect.CreateStreamTap(new ReplyFacts(), new RequestFacts { Stream = true });
        var sink = new MemorySink();
        using var watch = new StreamWatch(time, new TimeoutPolicy(), time.GetTimestamp(), time.GetTimestamp(), CancellationToken.None);
        using var relay = new StreamRelay(tap, sink, watch, StreamFraming.ServerSentEvents, maxEventBytes: 1 << 20);
        await using var upstream = new ChunkStream(LateChunks());

        Assert.Equal(RelayEnd.Stalled, await relay.RunAsync(upstream));
        Assert.True(relay.Committed);
        await sink.Body.FlushAsync();
        Assert.Equal(golden.Bytes[..golden.Blocks[3].End], sink.Seen);

        IEnumerable<ReadOnlyMemory<byte>> LateChunks()
        {
            yield return golden.Bytes.AsMemory(0, golden.Blocks[2].End);
            time.Advance(TimeSpan.FromSeconds(60.5)); // the timer fires while the bytes are on their way
            yield return golden.Bytes.AsMemory(golden.Blocks[2].End, golden.Blocks[3].End - golden.Blocks[2].End);
        }
    }

    [Fact]
    public async Task RunAsync_KeepAliveFailsToBeSent_DoesNotHarmTheTimer()
    {
        var golden = GoldenStream.Named("openai-chat/text");
        var time = new FakeTimeProvider();
        using var tap = golden.Dialect.CreateStreamTap(new ReplyFacts(), new RequestFacts { Stream = true });
        var sink = new MemorySink();
        await sink.Body.CompleteAsync(); // whatever is written now throws
        using var watch = new StreamWatch(time, new TimeoutPolicy(), time.GetTimestamp(), time.GetTimestamp(), CancellationToken.None);
        using var relay = new StreamRelay(tap, sink, watch, StreamFraming.ServerSentEvents, maxEventBytes: 1 << 20);
        watch.OnKeepAlive(relay.TryKeepAlive);
        time.Advance(TimeSpan.FromSeconds(15.5));
        Assert.True(sink.HasStarted);
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(WatchExpiry.None, watch.Expired);
        await relay.CloseAsync();
    }

    private static async Task AssertWholeAsync(GoldenStream golden, bool wantsUsage, byte[] expected, IEnumerable<ReadOnlyMemory<byte>> chunks)
    {
        var run = await RunAsync(golden, wantsUsage, chunks);
        Assert.Equal(RelayEnd.Completed, run.End);
        // Where a read ends between CR and LF, the LF goes with the event that follows: the bytes are the same.
        byte[] all = [.. expected, .. golden.Bytes.AsSpan(golden.Blocks[^1].Start)];
        Assert.True(all.AsSpan().SequenceEqual((byte[])[.. run.Seen, .. run.Tail]), Encoding.UTF8.GetString(run.Seen));
        Assert.Equal(golden.Blocks[^1].Data, Assert.Single(SseBlock.Split(run.Tail)).Data);
        Assert.Equal(golden.ExpectedUsage, run.Facts.Usage);
        Assert.Equal(golden.Name.EndsWith("tool-calls", StringComparison.Ordinal) ? "tool_calls" : "stop", run.Facts.FinishReason);
        Assert.Equal(golden.Model, run.Facts.Model);
        Assert.Equal(1, run.FirstContents);
    }

    private static async Task<Run> RunAsync(
        GoldenStream golden, bool wantsUsage, IEnumerable<ReadOnlyMemory<byte>> chunks,
        Func<CancellationToken, ValueTask<int>>? atEnd = null, CancellationToken gone = default)
    {
        var facts = new ReplyFacts();
        using var tap = golden.Dialect.CreateStreamTap(facts, new RequestFacts { Stream = true, WantsStreamUsage = wantsUsage, ChoicesPerPrompt = golden.Choices });
        var sink = new MemorySink();
        var time = TimeProvider.System;
        using var watch = new StreamWatch(time, new TimeoutPolicy(), time.GetTimestamp(), time.GetTimestamp(), gone);
        using var relay = new StreamRelay(tap, sink, watch, StreamFraming.ServerSentEvents, maxEventBytes: 1 << 20);
        await using var upstream = new ChunkStream(chunks, atEnd);
        var end = await relay.RunAsync(upstream);
        return new Run(end, sink.Seen, relay.Tail.ToArray(), facts, sink.HasStarted, sink.FirstContents);
    }

    /// <summary>Notes at each event what the client has by then. Translated, each event is put in its own place.</summary>
    private sealed class LookingTap(IStreamTap inner, MemorySink sink, bool translated) : IStreamTap
    {
        private byte[] _raw = [];

        public List<string> Seen { get; } = [];

        public bool Finished => inner.Finished;

        public bool Replaces => translated;

        public ReadOnlySpan<byte> Replacement => _raw;

        public ReadOnlyMemory<byte> MissingTerminator => inner.MissingTerminator;

        public TapVerdict Observe(in StreamFrame frame)
        {
            Seen.Add(Encoding.UTF8.GetString(sink.Seen));
            _raw = frame.Raw.ToArray();
            return inner.Observe(frame);
        }
    }

    private sealed record Run(RelayEnd End, byte[] Seen, byte[] Tail, ReplyFacts Facts, bool HasStarted, int FirstContents);
}
