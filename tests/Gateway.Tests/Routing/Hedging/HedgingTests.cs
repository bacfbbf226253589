using System.Net;
using System.Text;
using Gateway.Metering;
using Gateway.Protocol;
using Gateway.Routing.Policies;
using Gateway.Tests.Pipeline;
using Gateway.Tests.Routing.Rescue;

namespace Gateway.Tests.Routing.Hedging;

/// <summary>Two targets called for one reply: who is told what, and what the client sees.</summary>
public class HedgingTests
{
    private static readonly TimeSpan HedgeAfter = TimeSpan.FromMilliseconds(777);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly RescueTarget[] Two = [new("a", Operation.ChatCompletions), new("b", Operation.ChatCompletions)];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task FirstIsSilent_SecondServes_FirstIsCutOff(bool stream)
    {
        using var rig = Rig(HedgeAfter, Two);
        var aGone = new TaskCompletionSource();
        rig.Upstream = call =>
        {
            if (call.Target.Id == "b")
                return Task.FromResult(Answer("from b", stream));
            call.Cancellation.Register(aGone.SetResult);
            return Never(call);
        };
        var serving = rig.ServeAsync(Operation.ChatCompletions, Ask(stream));
        await rig.Time.PassWaitAsync(HedgeAfter);
        using var exchange = await serving;
        await aGone.Task.WaitAsync(Patience);
        Assert.True(exchange.IsCompleted);
        Assert.Contains("from b", Plain(exchange, stream), StringComparison.Ordinal);
        Assert.Equal(("b", "2"), (exchange.ReplyHeaders["x-gateway-provider"], exchange.ReplyHeaders["x-gateway-attempts"]));
        var entry = Assert.Single(rig.Entries);
        Assert.Equal((LedgerOutcome.Completed, "b", 2), (entry.Outcome, entry.Provider, entry.Attempts));
        Assert.Equal((0, 0), (rig.StateOf("a").InFlight, rig.StateOf("b").InFlight));
        Assert.Null(rig.StateOf("a").Obstacle(rig.Time.GetTimestamp(), out _));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task FirstAnswersInTime_NobodyElseIsCalled(bool stream)
    {
        using var rig = Rig(HedgeAfter, Two);
        rig.Upstream = _ => Task.FromResult(Answer("from a", stream));
        using var exchange = await rig.ServeAsync(Operation.ChatCompletions, Ask(stream));
        Assert.Contains("from a", Plain(exchange, stream), StringComparison.Ordinal);
        Assert.Single(rig.Calls);
    }

    [Fact]
    public async Task FirstAnswersAfterAll_SecondIsCutOff()
    {
        using var rig = Rig(HedgeAfter, Two);
        var a = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        var bGone = new TaskCompletionSource();
        rig.Upstream = call =>
        {
            if (call.Target.Id == "a")
                return a.Task;
            call.Cancellation.Register(bGone.SetResult);
            a.SetResult(Answer("from a", true));
            return Never(call);
        };
        var serving = rig.ServeAsync(Operation.ChatCompletions, Ask(true));
        await rig.Time.PassWaitAsync(HedgeAfter);
        using var exchange = await serving;
        await bGone.Task.WaitAsync(Patience);
        Assert.Equal("from a", new SeenReply(Operation.ChatCompletions, exchange).Text);
        Assert.Equal("a", exchange.ReplyHeaders["x-gateway-provider"]);
        Assert.Equal((LedgerOutcome.Completed, "a", 2), (rig.Entries[0].Outcome, rig.Entries[0].Provider, rig.Entries[0].Attempts));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task FirstFails_WhileSecondIsUnderWay_SecondServes(bool stream)
    {
        using var rig = Rig(HedgeAfter, Two);
        var a = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Upstream = call =>
        {
            if (call.Target.Id == "a")
                return a.Task;
            a.SetResult(RescueRig.Error(503));
            return Task.FromResult(Answer("from b", stream));
        };
        var serving = rig.ServeAsync(Operation.ChatCompletions, Ask(stream));
        await rig.Time.PassWaitAsync(HedgeAfter);
        using var exchange = await serving;
        Assert.Contains("from b", Plain(exchange, stream), StringComparison.Ordinal);
        Assert.Equal(2, rig.Calls.Count);
    }

    [Fact]
    public async Task BothFail_ThePlanGoesOn_WithoutAnotherHedge()
    {
        using var rig = Rig(HedgeAfter, [.. Two, new RescueTarget("c", Operation.ChatCompletions)]);
        var a = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Upstream = call =>
        {
            if (call.Target.Id == "a")
                return a.Task;
            if (call.Target.Id == "c")
                return Task.FromResult(Answer("from c", true));
            a.SetResult(RescueRig.Error(503));
            return Task.FromResult(RescueRig.Error(503));
        };
        var serving = rig.ServeAsync(Operation.ChatCompletions, Ask(true));
        await rig.Time.PassWaitAsync(HedgeAfter);
        using var exchange = await serving;
        Assert.Equal("from c", new SeenReply(Operation.ChatCompletions, exchange).Text);
        Assert.Equal(["a", "b", "c"], rig.Calls.Select(c => c.Target.Id));
    }

    [Fact]
    public async Task ClientErrorOfEither_IsSurfacedAtOnce()
    {
        using var rig = Rig(HedgeAfter, Two);
        rig.Upstream = call => call.Target.Id == "a" ? Never(call) : Task.FromResult(RescueRig.Error(400, "mend it"));
        var serving = rig.ServeAsync(Operation.ChatCompletions, Ask(true));
        await rig.Time.PassWaitAsync(HedgeAfter);
        using var exchange = await serving;
        Assert.Equal(400, exchange.Status);
        Assert.Contains("mend it", exchange.SentText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ClientLeaves_BothAreCutOff()
    {
        using var rig = Rig(HedgeAfter, Two);
        using var client = new MemoryExchange();
        var second = new TaskCompletionSource();
        rig.Upstream = call =>
        {
            if (call.Target.Id == "b")
                second.SetResult();
            return Never(call);
        };
        var serving = rig.ServeAsync(Operation.ChatCompletions, Ask(true), client: client);
        await rig.Time.PassWaitAsync(HedgeAfter);
        await second.Task.WaitAsync(Patience);
        client.Leave();
        await serving;
        Assert.True(client.IsBroken);
        Assert.All(rig.Calls, call => Assert.True(call.Cancellation.IsCancellationRequested));
        Assert.Equal(LedgerOutcome.Aborted, rig.Entries[0].Outcome);
    }

    [Fact]
    public async Task KeepAlives_OfTwoStreams_AreOne()
    {
        using var rig = Rig(HedgeAfter, Two);
        var b = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        var second = new TaskCompletionSource();
        rig.Upstream = call =>
        {
            if (call.Target.Id == "a")
                return Never(call);
            second.SetResult();
            return b.Task;
        };
        var serving = rig.ServeAsync(Operation.ChatCompletions, Ask(true));
        await rig.Time.PassWaitAsync(HedgeAfter);
        await second.Task.WaitAsync(Patience);
        for (var i = 0; i < 3; i++)
            rig.Time.Advance(rig.Route.Timeouts.KeepAliveInterval);
        b.SetResult(Answer("from b", true));
        using var exchange = await serving;
        Assert.Equal("from b", new SeenReply(Operation.ChatCompletions, exchange).Text);
        Assert.InRange(exchange.SentText.Split(": keep-alive\n\n").Length - 1, 2, 3);
    }

    [Fact]
    public async Task BothAnswerAtOnce_OneIsHeard()
    {
        for (var i = 0; i < 100; i++)
        {
            using var rig = Rig(HedgeAfter, Two);
            var a = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
            var b = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
            rig.Upstream = call =>
            {
                if (call.Target.Id == "a")
                    return a.Task;
                a.SetResult(Answer("this is all from a", true));
                b.SetResult(Answer("and this is from b", true));
                return b.Task;
            };
            var serving = rig.ServeAsync(Operation.ChatCompletions, Ask(true));
            await rig.Time.PassWaitAsync(HedgeAfter);
            using var exchange = await serving;
            var seen = new SeenReply(Operation.ChatCompletions, exchange);
            Assert.True(seen.IsWhole);
            Assert.Equal(exchange.ReplyHeaders["x-gateway-provider"] == "a" ? "this is all from a" : "and this is from b", seen.Text);
            Assert.Equal(exchange.ReplyHeaders["x-gateway-provider"], rig.Entries[0].Provider);
        }
    }

    [Fact]
    public async Task WinnerBreaksOff_OnARouteThatResumes_IsGoneOnWith()
    {
        using var rig = new RescueRig(RescuePolicy.Resume, new AttemptPolicy { HedgeAfter = HedgeAfter }, [.. Two, new RescueTarget("c", Operation.ChatCompletions)]);
        var whole = RescueRig.Encode(Operation.ChatCompletions, RescueRig.Told("one two three four five six"));
        rig.Upstream = call => call.Target.Id switch
        {
            "a" => Never(call),
            "b" => Task.FromResult(RescueRig.Reply(Operation.ChatCompletions, whole.AsMemory(0, whole.Length / 2))),
            _ => Task.FromResult(Answer("one two three four five six"[call.Delivered.Length..], true)),
        };
        var serving = rig.ServeAsync(Operation.ChatCompletions, Ask(true));
        await rig.Time.PassWaitAsync(HedgeAfter);
        using var exchange = await serving;
        Assert.Equal("one two three four five six", new SeenReply(Operation.ChatCompletions, exchange).Text);
        Assert.NotEqual("b", rig.Calls[2].Target.Id);
    }

    private static RescueRig Rig(TimeSpan after, RescueTarget[] targets) => new(RescuePolicy.Error, new AttemptPolicy { HedgeAfter = after }, targets);

    private static ChatRequest Ask(bool stream) => RescueRig.Ask(c => c.Stream = stream);

    private static string Plain(MemoryExchange exchange, bool stream) => stream ? new SeenReply(Operation.ChatCompletions, exchange).Text : exchange.SentText;

    private static HttpResponseMessage Answer(string text, bool stream) => stream
        ? RescueRig.Reply(Operation.ChatCompletions, RescueRig.Encode(Operation.ChatCompletions, RescueRig.Told(text)))
        : new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StringContent("""{"id":"x","model":"m-1","choices":[{"index":0,"message":{"role":"assistant","content":"TEXT"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}""".Replace("TEXT", text, StringComparison.Ordinal), Encoding.UTF8, "application/json"),
        };

    private static async Task<HttpResponseMessage> Never(RescueCall call)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, call.Cancellation);
        throw new InvalidOperationException();
    }
}
