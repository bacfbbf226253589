using System.Text;
using Gateway.Dialects.Gemini;
using Gateway.Metering;
using Gateway.Protocol;
using Gateway.Routing.Policies;
using Gateway.Tests.Pipeline;

namespace Gateway.Tests.Routing.Rescue;

/// <summary>Streams that break off after the client has seen part of them, on routes that resume.</summary>
public class RescueTests
{
    private const string Whole = "The first thing is short. The second, \"naïve\" one takes a little longer: 3.14 is not pi 🦊, and e.g. this isn't either! So it ends.";
    private const string OldClaude = "claude-3-5-haiku-20241022";

    public static TheoryData<string, bool> Broken
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var wire in RescueRig.Wires)
            {
                data.Add(wire.ToString(), false);
                data.Add(wire.ToString(), true);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task Stream_BreaksAfterTwoThirds_FallbackRejectsPrefill_ClientGetsTheWholeAnswer(string client, bool stalls)
    {
        var wire = Enum.Parse<Operation>(client);
        using var rig = new RescueRig(new RescueTarget("a", wire), new RescueTarget("b", Operation.Messages, OldClaude, "anthropic"));
        rig.Upstream = call => Task.FromResult(
            call.Target.Id == "a" ? TwoThirds(rig, wire, stalls)
            : call.IsPrefill ? RescueRig.Error(400, "This model does not support assistant message prefill.")
            : Rest(call));
        using var exchange = await rig.ServeAsync(wire);
        AssertWhole(wire, exchange);
        Assert.Equal(["a", "b", "b"], rig.Calls.Select(c => c.Target.Id));
        Assert.True(rig.Calls[1].IsPrefill);
        Assert.True(rig.Calls[2].IsTurn);
        Assert.Equal("resume", exchange.ReplyHeaders["x-gateway-rescue"]);
        Assert.Equal(LedgerOutcome.Completed, Assert.Single(rig.Entries).Outcome);
        Assert.Equal(3, rig.Entries[0].Attempts);
        Assert.True(rig.StateOf("b").RefusesPrefill);

        // It is remembered.
        using var again = await rig.ServeAsync(wire);
        AssertWhole(wire, again);
        Assert.Equal(5, rig.Calls.Count);
        Assert.True(rig.Calls[4].IsTurn);
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task Stream_BreaksAfterTwoThirds_FallbackTakesPrefill_ClientGetsTheWholeAnswer(string client, bool stalls)
    {
        var wire = Enum.Parse<Operation>(client);
        using var rig = new RescueRig(new RescueTarget("a", wire), new RescueTarget("b", Operation.Messages, OldClaude, "anthropic"));
        rig.Upstream = call => Task.FromResult(call.Target.Id == "a" ? TwoThirds(rig, wire, stalls) : Rest(call));
        using var exchange = await rig.ServeAsync(wire);
        AssertWhole(wire, exchange);
        Assert.Equal(["a", "b"], rig.Calls.Select(c => c.Target.Id));
        Assert.True(rig.Calls[1].IsPrefill);
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task Stream_BreaksAfterTwoThirds_NoOtherTarget_SameTargetGoesOn(string client, bool stalls)
    {
        var wire = Enum.Parse<Operation>(client);
        using var rig = new RescueRig(new RescueTarget("a", wire));
        rig.Upstream = call => Task.FromResult(call.Number == 1 ? TwoThirds(rig, wire, stalls) : Rest(call));
        using var exchange = await rig.ServeAsync(wire);
        AssertWhole(wire, exchange);
        Assert.Equal(2, rig.Calls.Count);
    }

    [Fact]
    public async Task Stream_BrokenList_EndsAsOneList()
    {
        using var rig = new RescueRig(new RescueTarget("a", Operation.GenerateContent), new RescueTarget("b", Operation.ChatCompletions));
        rig.Upstream = call => Task.FromResult(call.Target.Id == "a" ? TwoThirds(rig, Operation.GenerateContent, stalls: false) : Rest(call));
        using var exchange = await rig.ServeAsync(Operation.GenerateContent, dialect: new GeminiListDialect());
        Assert.True(exchange.IsCompleted);
        Assert.Equal(Whole, SeenReply.TextOfList(exchange.Sent));
    }

    [Fact]
    public async Task Resumed_Events_AreOfOneReply()
    {
        using var rig = new RescueRig(new RescueTarget("a", Operation.ChatCompletions), new RescueTarget("b", Operation.ChatCompletions, "org/other"));
        rig.Upstream = call => Task.FromResult(call.Target.Id == "a" ? TwoThirds(rig, Operation.ChatCompletions, stalls: false) : Rest(call));
        using var exchange = await rig.ServeAsync(Operation.ChatCompletions);
        Assert.DoesNotContain("id-2", exchange.SentText, StringComparison.Ordinal);
        Assert.DoesNotContain("m-2", exchange.SentText, StringComparison.Ordinal);
        Assert.Single(exchange.SentText.Split(": gateway resumed model=org/other provider=b\n\n")[1..]);
        Assert.Single(exchange.SentText.Split("data: [DONE]\n\n")[1..]);
        Assert.Single(exchange.SentText.Split("\"role\":\"assistant\"")[1..]);
    }

    [Fact]
    public async Task Rescue_OnRequestsThatCantBeGoneOnWith_EndsInTheError()
    {
        foreach (var change in new Action<ChatRequest>[] { c => c.Choices = 2, c => c.Logprobs = true })
        {
            using var rig = new RescueRig(new RescueTarget("a", Operation.ChatCompletions), new RescueTarget("b", Operation.ChatCompletions));
            rig.Upstream = call => Task.FromResult(TwoThirds(rig, Operation.ChatCompletions, stalls: false));
            using var exchange = await rig.ServeAsync(Operation.ChatCompletions, RescueRig.Ask(change));
            Assert.Single(rig.Calls);
            Assert.True(exchange.IsBroken);
            Assert.DoesNotContain("x-gateway-rescue", exchange.ReplyHeaders.Keys);
            Assert.Contains("stream_interrupted", exchange.SentText, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Rescue_OnARouteOfErrors_EndsInTheError()
    {
        using var rig = new RescueRig(RescuePolicy.Error, AttemptPolicy.Default, new RescueTarget("a", Operation.ChatCompletions), new RescueTarget("b", Operation.ChatCompletions));
        rig.Upstream = call => Task.FromResult(TwoThirds(rig, Operation.ChatCompletions, stalls: false));
        using var exchange = await rig.ServeAsync(Operation.ChatCompletions);
        Assert.Single(rig.Calls);
        Assert.True(exchange.IsBroken);
        Assert.DoesNotContain("x-gateway-rescue", exchange.ReplyHeaders.Keys);
    }

    [Fact]
    public async Task Stream_BreaksAgainAndAgain_IsGoneOnWithTwice()
    {
        using var rig = new RescueRig(new RescueTarget("a", Operation.ChatCompletions), new RescueTarget("b", Operation.ChatCompletions), new RescueTarget("c", Operation.ChatCompletions), new RescueTarget("d", Operation.ChatCompletions));
        rig.Upstream = call => Task.FromResult(Half(call));
        using var exchange = await rig.ServeAsync(Operation.ChatCompletions);
        Assert.Equal(["a", "b", "c"], rig.Calls.Select(c => c.Target.Id));
        Assert.True(exchange.IsBroken);
        Assert.Contains("stream_interrupted", exchange.SentText, StringComparison.Ordinal);
        Assert.Equal(LedgerOutcome.Interrupted, rig.Entries[0].Outcome);
        Assert.StartsWith(new SeenReply(Operation.ChatCompletions, exchange).Text, Whole, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rescue_ThatFailsEverywhere_SurfacesTheBreakAndNotTheRefusals()
    {
        using var rig = new RescueRig(new RescueTarget("a", Operation.ChatCompletions), new RescueTarget("b", Operation.Messages, OldClaude, "anthropic"));
        rig.Upstream = call => Task.FromResult(call is { Target.Id: "a", Number: 1 } ? TwoThirds(rig, Operation.ChatCompletions, stalls: false) : RescueRig.Error(400, "prefill is not supported"));
        using var exchange = await rig.ServeAsync(Operation.ChatCompletions);
        Assert.True(exchange.IsBroken);
        Assert.Contains("stream_interrupted", exchange.SentText, StringComparison.Ordinal);
        Assert.DoesNotContain("prefill", exchange.SentText, StringComparison.Ordinal);
        Assert.Equal(LedgerOutcome.Interrupted, rig.Entries[0].Outcome);
    }

    [Fact]
    public async Task Deterministic_SameTargetStartsAgain_AndIsSkipped()
    {
        using var rig = new RescueRig(new RescueTarget("a", Operation.ChatCompletions), new RescueTarget("b", Operation.ChatCompletions));
        rig.Upstream = call => Task.FromResult(call.Number == 1
            ? TwoThirds(rig, Operation.ChatCompletions, stalls: false)
            : RescueRig.Reply(Operation.ChatCompletions, RescueRig.Encode(Operation.ChatCompletions, RescueRig.Told(Whole, "id-2", "m-2"))));
        using var exchange = await rig.ServeAsync(Operation.ChatCompletions, RescueRig.Ask(c => c.Temperature = 0));
        AssertWhole(Operation.ChatCompletions, exchange);
        Assert.Equal(["a", "a"], rig.Calls.Select(c => c.Target.Id));
        Assert.Equal(rig.Calls[0].Body, rig.Calls[1].Body);
    }

    [Fact]
    public async Task Deterministic_AnswerDiverges_IsStoppedAndAskedForTheRest()
    {
        using var rig = new RescueRig(new RescueTarget("a", Operation.ChatCompletions));
        rig.Upstream = call => Task.FromResult(call.Number switch
        {
            1 => TwoThirds(rig, Operation.ChatCompletions, stalls: false),
            2 => RescueRig.Reply(Operation.ChatCompletions, RescueRig.Encode(Operation.ChatCompletions, RescueRig.Told("The first thing is long. " + Whole))),
            _ => Rest(call),
        });
        var serving = rig.ServeAsync(Operation.ChatCompletions, RescueRig.Ask(c => c.Seed = 7));
        await AdvanceUntilAsync(rig, serving);
        using var exchange = await serving;
        AssertWhole(Operation.ChatCompletions, exchange);
        Assert.True(rig.Calls[2].IsTurn);
    }

    [Fact]
    public async Task ToolCall_BreaksInItsArguments_OnlyTheSameAnswerCompletesIt()
    {
        List<ChatEvent> told =
        [
            new(ChatEventKind.Start) { Id = "id-1", Name = "m-1" },
            new(ChatEventKind.ToolCallStart) { Id = "call_1", Name = "find" },
            new(ChatEventKind.ToolCallArguments) { Text = "{\"what\":" },
            new(ChatEventKind.ToolCallArguments) { Text = "\"foxes\"}" },
            new(ChatEventKind.ToolCallEnd),
            new(ChatEventKind.Finish) { Finish = FinishReason.ToolCalls },
        ];
        var whole = RescueRig.Encode(Operation.ChatCompletions, told);
        var cut = whole.AsSpan().IndexOf("foxes"u8);
        foreach (var temperature in new double?[] { 0, null })
        {
            using var rig = new RescueRig(new RescueTarget("a", Operation.ChatCompletions), new RescueTarget("b", Operation.ChatCompletions));
            rig.Upstream = call => Task.FromResult(RescueRig.Reply(Operation.ChatCompletions, call.Number == 1 ? whole.AsMemory(0, cut) : whole));
            using var exchange = await rig.ServeAsync(Operation.ChatCompletions, RescueRig.Ask(c => c.Temperature = temperature));
            var seen = new SeenReply(Operation.ChatCompletions, exchange);
            Assert.Equal(temperature is null, exchange.IsBroken);
            if (temperature is null)
                continue;
            Assert.Equal((1, "{\"what\":\"foxes\"}"), (seen.Calls, seen.Arguments));
            Assert.True(seen.IsWhole);
        }
    }

    [Fact]
    public async Task OnlyReasoning_WasDelivered_AnotherBeginsAfresh()
    {
        List<ChatEvent> told = [new(ChatEventKind.Start) { Id = "id-1", Name = "m-1" }, new(ChatEventKind.Reasoning) { Text = "Let me think.", Origin = ReasoningOrigin.Plain }, .. RescueRig.Told(Whole)[1..]];
        var whole = RescueRig.Encode(Operation.ChatCompletions, told);
        var cut = whole.AsSpan().IndexOf("The"u8);
        using var rig = new RescueRig(new RescueTarget("a", Operation.ChatCompletions), new RescueTarget("b", Operation.ChatCompletions));
        rig.Upstream = call => Task.FromResult(RescueRig.Reply(Operation.ChatCompletions, call.Target.Id == "a" ? whole.AsMemory(0, cut) : whole));
        using var exchange = await rig.ServeAsync(Operation.ChatCompletions);
        AssertWhole(Operation.ChatCompletions, exchange);
        Assert.Equal("Let me think.", new SeenReply(Operation.ChatCompletions, exchange).Reasoning);
        Assert.Single(rig.Calls[1].Chat.Messages);
    }

    [Fact]
    public async Task MaxTokens_OfTheRest_AreReducedByWhatWasDelivered()
    {
        using var rig = new RescueRig(new RescueTarget("a", Operation.ChatCompletions), new RescueTarget("b", Operation.ChatCompletions));
        rig.Upstream = call => Task.FromResult(call.Target.Id == "a" ? TwoThirds(rig, Operation.ChatCompletions, stalls: false) : Rest(call));
        using var client = new MemoryExchange().With("Idempotency-Key", "k-1");
        using var exchange = await rig.ServeAsync(Operation.ChatCompletions, RescueRig.Ask(c => c.MaxOutputTokens = 100), client: client);
        AssertWhole(Operation.ChatCompletions, exchange);
        Assert.InRange(rig.Calls[1].Chat.MaxOutputTokens!.Value, 60, 90);
        Assert.True(rig.Calls[0].Headers.Contains("Idempotency-Key"));
        Assert.False(rig.Calls[1].Headers.Contains("Idempotency-Key"));
    }

    [Fact]
    public async Task Usage_OfTheReply_IsTheSumOfItsAttempts()
    {
        using var rig = new RescueRig(new RescueTarget("a", Operation.Messages, OldClaude, "anthropic"), new RescueTarget("b", Operation.Messages, OldClaude, "anthropic"));
        rig.Upstream = call => Task.FromResult(call.Target.Id == "a" ? TwoThirds(rig, Operation.Messages, stalls: false) : Rest(call));
        using var exchange = await rig.ServeAsync(Operation.Messages);
        var usage = new SeenReply(Operation.Messages, exchange).Usage;
        Assert.True(usage.Input > 10 && usage.Output > 5 + 10, usage.ToString());
    }

    public static TheoryData<string> Clients => [.. RescueRig.Wires.Select(w => w.ToString())];

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Stream_CutAtAnyByte_ClientGetsTheWholeAnswer(string client)
    {
        var wire = Enum.Parse<Operation>(client);
        const string brief = "A naïve fox 🦊, e.g. this one.";
        var stream = RescueRig.Encode(wire, RescueRig.Told(brief));
        for (var cut = 0; cut <= stream.Length; cut++)
        {
            using var rig = new RescueRig(new RescueTarget("a", wire), new RescueTarget("b", Operation.ChatCompletions));
            rig.Upstream = call => Task.FromResult(call.Target.Id == "b" ? Rest(call, brief) : RescueRig.Reply(wire, call.Number == 1 ? stream.AsMemory(0, cut) : stream));
            using var exchange = await rig.ServeAsync(wire);
            Assert.True(exchange.IsCompleted && !exchange.IsBroken, $"cut at {cut}: {exchange.SentText}");
            var seen = new SeenReply(wire, exchange);
            Assert.True(seen.Text == brief && seen.IsWhole, $"cut at {cut}: {seen.Text}");
        }
    }

    private static void AssertWhole(Operation wire, MemoryExchange exchange)
    {
        Assert.True(exchange.IsCompleted && !exchange.IsBroken, exchange.SentText);
        var seen = new SeenReply(wire, exchange);
        Assert.Equal(Whole, seen.Text);
        Assert.True(seen.IsWhole);
    }

    private static HttpResponseMessage TwoThirds(RescueRig rig, Operation wire, bool stalls)
    {
        var stream = RescueRig.Encode(wire, RescueRig.Told(Whole));
        return RescueRig.Reply(wire, stream.AsMemory(0, stream.Length * 2 / 3), stalls ? ScriptedStreamEnd.Silence(() => rig.Time.Advance(rig.Route.Timeouts.Idle)) : ScriptedStreamEnd.Reset);
    }

    private static HttpResponseMessage Half(RescueCall call)
    {
        var rest = RescueRig.Told(Whole[call.Delivered.Length..], "id-2", "m-2");
        return RescueRig.Reply(call.Target.Wire, RescueRig.Encode(call.Target.Wire, rest).AsMemory(0, 1_000));
    }

    /// <summary>What a model says that goes on exactly.</summary>
    private static HttpResponseMessage Rest(RescueCall call, string whole = Whole)
    {
        Assert.StartsWith(call.Delivered, whole, StringComparison.Ordinal);
        return RescueRig.Reply(call.Target.Wire, RescueRig.Encode(call.Target.Wire, RescueRig.Told(whole[call.Delivered.Length..], "id-2", "m-2")));
    }

    /// <summary>Lets pauses between calls of one target pass.</summary>
    private static async Task AdvanceUntilAsync(RescueRig rig, Task serving)
    {
        while (!serving.IsCompleted)
        {
            await Task.Yield();
            rig.Time.Advance(TimeSpan.FromMilliseconds(100));
        }
    }
}
